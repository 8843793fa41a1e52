import { spawn } from "node:child_process";
import { connect } from "node:net";
import type { Readable, Writable } from "node:stream";
import { CommandResult, type CommandRunner } from "@berth/contracts";
import { AppError, fail, parseOrFail } from "@berth/platform";
import type { RunJob } from "./run-command.ts";

const graceMs = 15_000;
/** Two outputs at their cap, each byte escaped at worst as `\u0000`. */
const maxAnswerBytes = 4 * 1_048_576;
/** How long what a command left behind may take to be killed. */
const lastBreathMs = 3_000;

interface RunnerLink {
  input: Writable;
  output: Readable;
  /** Rejects if the runner could not be started or reached. */
  failed: Promise<never>;
  end(): void;
}

function openLink(runner: CommandRunner): RunnerLink {
  const unavailable = (cause: unknown) => new AppError("unavailable", "The command unit cannot be reached.", { cause });
  const failure = Promise.withResolvers<never>();
  // Nobody may be listening any more when a late error comes.
  failure.promise.catch(() => undefined);
  if (runner.kind === "socket") {
    const socket = connect(runner.path);
    socket.on("error", (error) => failure.reject(unavailable(error)));
    return { input: socket, output: socket, failed: failure.promise, end: () => socket.destroy() };
  }
  const [program = "", ...argv] = runner.argv;
  const child = spawn(program, argv, { stdio: ["pipe", "pipe", "ignore"], env: { PATH: "/usr/bin:/bin" } });
  child.on("error", (error) => failure.reject(unavailable(error)));
  child.stdin.on("error", () => undefined);
  return { input: child.stdin, output: child.stdout, failed: failure.promise, end: () => child.kill("SIGTERM") };
}

/**
 * The first line, once the output has ended: the service manager closes it after the last process of the unit is dead,
 * so that no process of one command is there to watch the next.
 */
function readLine(output: Readable): Promise<string> {
  const line = Promise.withResolvers<string>();
  let text = "";
  let lastBreath: NodeJS.Timeout | undefined;
  const finish = () => {
    clearTimeout(lastBreath);
    const end = text.indexOf("\n");
    if (end >= 0) line.resolve(text.slice(0, end));
    else line.reject(new AppError("unavailable", "The command unit ended without an answer."));
  };
  output.setEncoding("utf8");
  output.on("data", (chunk: string) => {
    if (lastBreath) return;
    text += chunk;
    if (text.includes("\n")) lastBreath = setTimeout(finish, lastBreathMs);
    else if (text.length > maxAnswerBytes)
      line.reject(new AppError("unavailable", "The command unit answered too much."));
  });
  output.on("end", finish);
  output.on("close", finish);
  return line.promise;
}

/** Speaks the one-line protocol of the command unit: a job in, a result out. The secrets of a job travel in here only. */
export const createRunJob =
  (runner: CommandRunner): RunJob =>
  async (job) => {
    const link = openLink(runner);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new AppError("unavailable", "The command unit did not answer in time.")),
      job.timeoutMs + graceMs,
    );
    try {
      link.input.write(`${JSON.stringify(job)}\n`);
      const line = await Promise.race([readLine(link.output), link.failed, late.promise]);
      return parseOrFail(CommandResult, JSON.parse(line), "result of the command");
    } catch (error) {
      if (error instanceof AppError) throw error;
      return fail("unavailable", "The command unit did not answer as expected.", { cause: error });
    } finally {
      clearTimeout(timer);
      link.end();
    }
  };
