import { z } from "zod";

/** Read at request time, so that one build serves any address. */
export const websiteEnv = (): { hubUrl: string } =>
  z
    .object({ HUB_URL: z.url() })
    .transform(({ HUB_URL }) => ({ hubUrl: HUB_URL.replace(/\/$/, "") }))
    .parse(process.env);
