import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { HubUrlProvider } from "../components/hub-url-provider.tsx";
import { SiteFooter, SiteHeader } from "../components/site-frame.tsx";
import { websiteEnv } from "../env.ts";
import "./globals.css";

export const dynamic = "force-dynamic";

export const metadata: Metadata = {
  title: { default: "Berth: an AI agent on a server of your own", template: "%s · Berth" },
  description:
    "Rent an AI agent that works on its own server. Your secrets never leave it, and nothing dangerous happens without your word.",
};
export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col">
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:absolute focus:m-2 focus:rounded-control focus:bg-surface focus:p-3"
        >
          Skip to the content
        </a>
        <HubUrlProvider hubUrl={websiteEnv().hubUrl}>
          <SiteHeader />
          <main id="main" className="flex-1">
            {children}
          </main>
          <SiteFooter />
        </HubUrlProvider>
      </body>
    </html>
  );
}
