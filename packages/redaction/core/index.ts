export { chooseGrams, countGrams, enterGrams, setKnown } from "./build";
export { escapeCount, fold, runCount, symbolCount } from "./fold";
export { setForms, setGrams, setText } from "./memory";
export { openEnd } from "./open-end";
export { probe } from "./probe";
export { openRun } from "./runs";
export { streaks } from "./streaks";
