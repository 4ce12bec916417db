import { spawnSync } from 'node:child_process';

let answer: boolean | undefined;

/** Whether a container engine is there to be used. */
export function dockerAnswers(): boolean {
  answer ??= spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 5000 }).status === 0;
  return answer;
}
