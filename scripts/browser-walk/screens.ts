import { mkdirSync } from "node:fs";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { findProgram } from "../system/system-packages.ts";

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const schemes = ["light", "dark"] as const;

/** Chromium from the system, without the services that would look for its maker's hosts. */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? findProgram("chromium") ?? "/usr/bin/chromium";
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"];
  const args = [...quiet, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  return chromium.launch({ executablePath, args });
}

export const newDesktop = (browser: Browser): Promise<BrowserContext> =>
  browser.newContext({ viewport: sizes.desktop, colorScheme: "light", reducedMotion: "reduce" });

/** Colours that follow the scheme are repainted by the next frame; the one after it shows them. */
const twoFrames = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

export interface Screens {
  /** Pictures of the page as it is now: desktop and phone, light and dark. Throws on a serious accessibility finding. */
  keep(page: Page, name: string, options?: { axe?: boolean }): Promise<void>;
  findings: string[];
}

/** Pictures go to `folder`; what is kept in the repository (`docs/screens`) is desktop in light and phone in dark. */
export function createScreens(folder: string, kept: "all" | "some"): Screens {
  mkdirSync(folder, { recursive: true });
  const findings: string[] = [];
  const wanted = (device: string, scheme: string): boolean =>
    kept === "all" || (device === "desktop") === (scheme === "light");

  async function picture(page: Page, name: string): Promise<void> {
    for (const [device, size] of Object.entries(sizes)) {
      await page.setViewportSize(size);
      for (const colorScheme of schemes.filter((scheme) => wanted(device, scheme))) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.evaluate(twoFrames);
        await page.screenshot({ path: path.join(folder, `${name}-${device}-${colorScheme}.png`) });
      }
    }
    await page.setViewportSize(sizes.desktop);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  }

  async function audit(page: Page, name: string): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    for (const { id, nodes } of serious) findings.push(`${name}: ${id}: ${nodes[0]?.html.slice(0, 160)}`);
  }

  return {
    findings,
    keep: async (page, name, { axe = true } = {}) => {
      if (axe) await audit(page, name);
      await picture(page, name);
    },
  };
}
