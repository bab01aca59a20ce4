export interface SynthConfig {
  /** The file that says what to synthesize. */
  readonly inputFile: string
  /** Where the synthesized stack goes. */
  readonly outdir: string
}

/** `CDKTF_OUTDIR` is what `cdktf synth` sets, so that it gives the same files as the bundle run by itself. */
export function parseConfig(env: Readonly<Record<string, string | undefined>> = process.env): SynthConfig {
  const inputFile = env.GANTRY_SYNTH_INPUT
  if (!inputFile) throw new Error('GANTRY_SYNTH_INPUT is not set: expected the path of a JSON file that says what to synthesize')
  return { inputFile, outdir: env.GANTRY_SYNTH_OUTDIR ?? env.CDKTF_OUTDIR ?? 'cdktf.out' }
}
