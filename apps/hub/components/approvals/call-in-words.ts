import { FileArgs, HttpRequestArgs, RunCommandArgs, SendMessageArgs, type ToolArguments } from "@berth/contracts";

export interface CallInWords {
  /** What would be done, as a heading. */
  title: string;
  /** Exactly what would run or be sent. */
  exact: string;
  /** The other arguments, by name. */
  details: [name: string, value: string][];
}

type Args = ToolArguments;

/** Exactly what a call would do, laid out by tool; a tool without a layout of its own shows its arguments as they are. */
export function callInWords(tool: string, args: Args): CallInWords {
  return layouts[tool]?.(args) ?? { title: `Use the tool ${tool}`, exact: JSON.stringify(args, null, 2), details: [] };
}

const layouts: Record<string, (args: Args) => CallInWords | null> = {
  run_command(args) {
    const { data } = RunCommandArgs.safeParse(args);
    if (!data) return null;
    const { command, cwd, timeoutMs } = data;
    return {
      title: "Run a command",
      exact: command,
      details: [
        ["In folder", cwd ?? "the workspace"],
        ...(timeoutMs ? [["At most", `${timeoutMs / 1000} s`] satisfies [string, string]] : []),
      ],
    };
  },
  file(args) {
    const { data } = FileArgs.safeParse(args);
    if (!data) return null;
    const { op, path, to, content } = data;
    const title = { read: "Read", list: "List", write: "Write", append: "Append to", move: "Move", delete: "Delete" }[
      op
    ];
    return {
      title: `${title} a file`,
      exact: content === undefined ? [path, to].filter(Boolean).join(" → ") : content,
      details: content === undefined ? [] : [["File", path]],
    };
  },
  http_request(args) {
    const { data } = HttpRequestArgs.safeParse(args);
    if (!data) return null;
    const { method, url, headers = {}, body } = data;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return {
      title: "Send a request to another service",
      exact: [`${method} ${url}`, ...lines, ...(body === undefined ? [] : ["", body])].join("\n"),
      details: URL.canParse(url) ? [["To", new URL(url).host]] : [],
    };
  },
  send_message(args) {
    const { data } = SendMessageArgs.safeParse(args);
    if (!data) return null;
    return {
      title: "Send a message to a person",
      exact: data.text,
      details: [
        ["To", data.to],
        ["Through", data.channel],
      ],
    };
  },
};
