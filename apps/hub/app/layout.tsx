import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "./globals.css";

/** Every page depends on who asks. */
export const dynamic = "force-dynamic";

export const metadata: Metadata = { title: { default: "Berth", template: "%s · Berth" } };
export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  colorScheme: "light dark",
  interactiveWidget: "resizes-content", // the composer stays above a phone's keyboard
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="min-h-dvh">
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-control focus:bg-surface focus:p-3"
        >
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  );
}
