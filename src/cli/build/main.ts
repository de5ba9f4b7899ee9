/** The root of `npm run build`. */
import { buildAll } from "./build.ts";

await buildAll();
