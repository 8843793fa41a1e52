import { z } from "zod";

/** Who is signed in. Staff belong to no organisation. */
export const Me = z.object({
  kind: z.enum(["customer", "staff"]),
  userId: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  organizationId: z.string().nullable(),
});
export type Me = z.infer<typeof Me>;
