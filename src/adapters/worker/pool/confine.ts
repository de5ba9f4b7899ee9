/**
 * Owns shutting the doors of a step worker before any user's text runs in it: what the policy header cannot forbid (storage, channels,
 * locks) is deleted along the prototype chains of the global scope and of `navigator`. There is no way back within the worker.
 */
const doors = [
  "indexedDB", "caches", "BroadcastChannel", "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "Worker", "SharedWorker",
  "importScripts", "cookieStore", "RTCPeerConnection", "Notification", "FileSystemHandle", "FileSystemFileHandle", "FileSystemDirectoryHandle",
  "webkitRequestFileSystem", "webkitRequestFileSystemSync", "webkitResolveLocalFileSystemURL", "webkitResolveLocalFileSystemSyncURL", "close",
];
const navigatorDoors = ["storage", "locks", "serviceWorker", "sendBeacon", "storageBuckets", "usb", "hid", "serial", "permissions", "mediaDevices"];

const removeAlong = (target: object, names: readonly string[]): void => {
  for (let level: object | null = target; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level) as object | null) {
    for (const name of names) if (Object.hasOwn(level, name)) Reflect.deleteProperty(level, name);
  }
};

/** Answers the doors that would not close; an empty list is the only good answer. */
export const confine = (scope: object = globalThis): readonly string[] => {
  const { navigator } = scope as { readonly navigator?: object };
  removeAlong(scope, doors);
  if (navigator !== undefined) removeAlong(navigator, navigatorDoors);
  return [...doors.filter((name) => name in scope), ...navigatorDoors.filter((name) => navigator !== undefined && name in navigator)];
};
