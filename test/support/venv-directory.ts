import { fileURLToPath } from 'node:url'

/** The one that `npm start` uses too, so that the emulator is installed once. */
export const venvDirectory = fileURLToPath(new URL('../../.gantry/venv', import.meta.url))
