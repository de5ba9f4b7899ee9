/** Words for refusals of commands, by code; an unknown code shows its English text. */
export const errors = {
  "error.conflict": "Somebody published a newer revision meanwhile. Your text is kept as a draft; nothing was overwritten.",
  "error.invalid": "The spec has errors; fix them first.", "error.params": "A parameter does not fit.", "error.not_found": "This is not on this device (any more).",
  "error.name_taken": "Another DAG has this name.", "error.bad_name": "A name has letters, digits, dash, dot and underscore, at most 40.", "error.bad_path": "This path cannot be used.", "error.bad_host": "This is not a host name.", "error.not_a_backup": "This file is not a backup of Dagbok.", "error.newer": "This file was written by a newer Dagbok; update first.", "error.nothing_to_undo": "There is nothing to take back.", "error.timeout": "It took too long.", "error.quota": "The disk is full. Delete runs or files, then try again.",
  "error.too_large": "This is too big.", "error.still_running": "The run is still going.",
  "error.locked": "The secrets are locked. Unlock them first.", "error.wrong_passphrase": "This passphrase does not open the secrets.", "error.weak_passphrase": "A passphrase has at least 8 characters.", "error.no_crypto": "This page has no cryptography: open it over https or on localhost.", "error.damaged": "A kept secret does not open. Delete it and set it again.",
  "error.bad_secret": "A secret has a name of letters, digits, dot, dash and underscore, and a value.",
  "error.other": "{message}", "error.title": "That did not work.",
} as const;
