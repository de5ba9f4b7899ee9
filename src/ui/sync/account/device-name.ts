/** Owns a first name for this device from what its browser says of itself. A person may change it; nothing depends on it. */
const systems: readonly (readonly [RegExp, string])[] = [[/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android phone"], [/Windows/, "Windows PC"], [/Mac OS X|Macintosh/, "Mac"], [/CrOS/, "Chromebook"], [/Linux/, "Linux PC"]];
const browsers: readonly (readonly [RegExp, string])[] = [[/Edg\//, "Edge"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"], [/Safari\//, "Safari"]];
const firstOf = (all: readonly (readonly [RegExp, string])[], agent: string): string | undefined => all.find(([pattern]) => pattern.test(agent))?.[1];

/** "Linux PC, Chrome". */
export const deviceName = (agent: string): string => [firstOf(systems, agent), firstOf(browsers, agent)].filter((part) => part !== undefined).join(", ") || "browser";
