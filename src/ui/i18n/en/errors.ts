/** Words for refusals of commands, by code; an unknown code shows its English text. */
export const errors = {
  "error.conflict": "Somebody published a newer revision meanwhile. Your text is kept as a draft; nothing was overwritten.",
  "error.invalid": "The spec has errors; fix them first.", "error.params": "A parameter does not fit.", "error.unknown-dag": "There is no such DAG on this device.",
  "error.unknown-run": "There is no such run on this device.", "error.name-taken": "Another DAG has this name.", "error.quota": "The disk is full. Delete runs or files, then try again.",
  "error.too-big": "The file is too big.", "error.binary": "This is not a text file.", "error.not-waiting": "This step no longer waits.", "error.running": "The run is still going.",
  "error.other": "{message}", "error.title": "That did not work.",
} as const;
