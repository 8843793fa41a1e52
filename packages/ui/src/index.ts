export * from "./badge.tsx";
export * from "./button.tsx";
export * from "./card.tsx";
export * from "./class-names.ts";
export * from "./field.tsx";
export * from "./logo.tsx";
