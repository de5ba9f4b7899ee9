/** Owns the names shown as help on the shell; a test holds them against the shell's own tables. */
export const programs: readonly string[] = [
  "arch", "awk", "base32", "base64", "basename", "bc", "cat", "chgrp", "chmod", "chown", "cksum", "cmp", "column", "comm", "cp", "cut",
  "date", "dd", "diff", "dirname", "du", "egrep", "env", "envsubst", "expand", "expr", "factor", "fgrep", "find", "flock", "fmt", "fold",
  "getopt", "grep", "groups", "gunzip", "gzip", "head", "hexdump", "hostname", "id", "install", "join", "link", "ln", "logger", "logname",
  "ls", "mawk", "md5sum", "mkdir", "mkfifo", "mktemp", "mv", "nawk", "nice", "nl", "nohup", "nproc", "numfmt", "od", "paste", "pathchk",
  "printenv", "readlink", "realpath", "rev", "rm", "rmdir", "sed", "seq", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum",
  "shuf", "sleep", "sort", "split", "stat", "strings", "sum", "sync", "tac", "tail", "tar", "tee", "timeout", "touch", "tr", "tree",
  "truncate", "tsort", "tty", "uname", "unexpand", "uniq", "unlink", "wc", "which", "whoami", "xargs", "xxd", "yes", "zcat",
];
export const builtins: readonly string[] = [
  ".", ":", "[", "alias", "break", "builtin", "caller", "cd", "command", "continue", "declare", "dirs", "disown", "echo", "enable", "eval",
  "exec", "exit", "export", "false", "getopts", "hash", "history", "jobs", "kill", "let", "local", "mapfile", "popd", "printf", "pushd",
  "pwd", "read", "readarray", "readonly", "return", "set", "shift", "shopt", "source", "test", "times", "trap", "true", "type", "typeset",
  "ulimit", "umask", "unalias", "unset", "wait",
];
