import { redirect } from "next/navigation";
import { readSession } from "../components/session/read-session.ts";

export default async function HomePage() {
  const me = await readSession();
  if (!me) redirect("/sign-in");
  redirect(me.kind === "staff" ? "/admin/orders" : "/agents");
}
