import { AppError, fieldErrorsOf } from "@berth/platform";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "./hub.ts";

/** A router whose wrong parameters and bodies become one kind of problem, each wrong field named. */
export const newRouter = () =>
  new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const errors = fieldErrorsOf(result.error);
      const [first] = errors;
      throw new AppError("invalid_input", `The request is not valid: ${first?.path}: ${first?.message}`, { errors });
    },
  });
