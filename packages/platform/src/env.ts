import type { z } from "zod";
import { AppError, fieldErrorsOf } from "./errors.ts";

/**
 * Parses the environment once, at the start of a process. An empty variable counts as absent.
 * Throws `invalid_input` with one line a variable; values are never repeated, for some are secrets.
 */
export function parseEnv<T>(schema: z.ZodType<T>, source: Record<string, string | undefined> = process.env): T {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const errors = fieldErrorsOf(parsed.error);
  const lines = errors.map((error) => `  ${error.path}: ${error.message}`).join("\n");
  throw new AppError("invalid_input", `The environment is not complete:\n${lines}`, { errors });
}

/** For a process's `main.ts`: what is wrong with the environment is said in plain lines, without a stack, and it ends with 1. */
export function parseEnvOrExit<T>(schema: z.ZodType<T>): T {
  try {
    return parseEnv(schema);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.publicMessage}\n`);
    process.exit(1);
  }
}
