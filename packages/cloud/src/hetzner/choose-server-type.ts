import { fail } from "@berth/platform";
import type { ServerSpec } from "../provider.ts";
import type { ServerType } from "./hetzner-schemas.ts";

type Size = Pick<ServerSpec, "cores" | "memoryMb" | "diskGb">;

const monthlyPrice = (type: ServerType, location: string): number =>
  Number(type.prices.find((price) => price.location === location)?.price_monthly.gross ?? Number.POSITIVE_INFINITY);

/** The cheapest x86 type at the location that is not being retired and has at least the cores, memory and disk asked for. */
export function chooseServerType(types: readonly ServerType[], size: Size, location: string): ServerType {
  const fits = types.filter(
    (type) =>
      type.architecture === "x86" &&
      type.cores >= size.cores &&
      type.memory * 1024 >= size.memoryMb &&
      type.disk >= size.diskGb &&
      type.locations.some((one) => one.name === location && one.deprecation === null),
  );
  const cheapest = fits.sort((a, b) => monthlyPrice(a, location) - monthlyPrice(b, location))[0];
  return cheapest ?? fail("unavailable", `The server provider offers no server of that size in ${location}.`);
}
