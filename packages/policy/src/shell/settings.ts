/** Variables that make other commands load code, change where programs are found, or redirect their traffic. */
const steering =
  /^(?:PATH|IFS|ENV|PS4|PROMPT_COMMAND|SHELLOPTS|BASHOPTS|CDPATH|HOME|SHELL|GLOBIGNORE|TAR_OPTIONS|ZIP|ZIPOPT|UNZIP|UNZIPOPT|ZIPINFO|XZ_OPT|XZ_DEFAULTS|GZIP|BZIP2?|MAKEFLAGS|JAVA_TOOL_OPTIONS|OPENSSL_CONF|GCONV_PATH|LOCPATH|TERMINFO|HOSTALIASES|RIPGREP_CONFIG_PATH|TMPDIR|FPATH|XDG_.*|.*(?:PAGER|EDITOR|VISUAL|BROWSER|ASKPASS|PROXY|proxy))$|^(?:LD|DYLD|GIT|BASH|PYTHON|PERL|RUBY|GEM|NODE|NPM|npm|LESS|SSH|CURL|WGET|DOCKER|BERTH|OPENCLAW)_?/;
const harmless = /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|COLUMNS|LINES|TERM|NO_COLOR|[a-z_][a-z0-9_]*)$/;

/** The rule that setting this variable touches, if any. `handed` is true when a command receives it. */
export function settingFinding(name: string, handed: boolean): string | null {
  if (steering.test(name)) return "shell.redefinition";
  return harmless.test(name) || !handed ? null : "shell.setting";
}
