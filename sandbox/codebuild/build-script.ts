import { type Buildspec, phaseNames } from './buildspec.ts'

/**
 * The whole build as one shell, as in CodeBuild: what a command sets or where it changes to holds for the next ones.
 * It tells where it is by lines on file descriptor 3: `begin <PHASE>`, `end <PHASE> <exit code>`.
 * Descriptor 4 is held open by the sandbox alone: when that dies, however it dies, the watcher takes the group with it.
 */
export function buildScript(buildspec: Buildspec): string {
  const phases = phaseNames.flatMap((name) => {
    const phase = buildspec.phases[name]
    return phase ? [phaseScript(name.toUpperCase(), phase, name === 'post_build')] : []
  })
  return [
    '(read -r _ <&4; kill -KILL 0) >/dev/null 2>&1 3>&- &',
    'exec 4<&-',
    'CODEBUILD_BUILD_SUCCEEDING=1; export CODEBUILD_BUILD_SUCCEEDING; gantry_go_on=1',
    ...phases,
    'exit $((1 - CODEBUILD_BUILD_SUCCEEDING))',
    '',
  ].join('\n')
}

type Phase = NonNullable<Buildspec['phases']['build']>

/** A failed command ends its phase, then `finally` runs; of later phases only post_build follows a failed build phase. */
function phaseScript(name: string, phase: Phase, isLast: boolean): string {
  const goesOn = phase['on-failure'] ? phase['on-failure'] === 'CONTINUE' : name === 'BUILD'
  const commands = phase.commands.map((command) => `  [ $gantry_code -ne 0 ] || ${run(command)} || gantry_code=$?`)
  return [
    `if [ $gantry_go_on -eq 1 ]; then`,
    `  echo 'begin ${name}' >&3; gantry_code=0`,
    ...commands,
    ...phase.finally.map((command) => `  ${run(command)} || [ $gantry_code -ne 0 ] || gantry_code=$?`),
    `  echo "end ${name} $gantry_code" >&3`,
    `  if [ $gantry_code -ne 0 ]; then CODEBUILD_BUILD_SUCCEEDING=0${goesOn || isLast ? '' : '; gantry_go_on=0'}; fi`,
    'fi',
  ].join('\n')
}

function run(command: string): string {
  return `eval '${command.replaceAll("'", "'\\''")}' 3>&-`
}
