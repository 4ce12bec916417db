// Plants faults in the policies, in four eyes and in committees, group by group, and says how many of them the tests find.
// node tests/mutation/run.mjs [GROUP...]; STRYKER names the stryker command, by default the one that npx fetches.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = '.cache/mutation';
const LEAST_PERCENT = 90;
const governance = 'libs/pipeline/src/governance';
const NOT_MUTATED = ['!**/*.spec.ts', '!**/sample-record.ts', '!**/*-schema.ts'];

const GROUPS = {
  policies: { mutate: ['policies/*.ts'], specs: ['policies/*.spec.ts'] },
  'four-eyes': {
    mutate: [
      'parties',
      'sign',
      'delegation',
      'challenge',
      'absence',
      'materiality',
      'review-core',
      'review-status',
    ].map((name) => `review/${name}.ts`),
    specs: ['review/*.spec.ts'],
  },
  committee: { mutate: ['committee/*.ts'], specs: ['committee/*.spec.ts'] },
};

const base = JSON.parse(readFileSync(`${root}/tests/mutation/stryker.json`, 'utf8'));
const [command, ...first] = (
  process.env.STRYKER ?? 'npx -p @stryker-mutator/core@9.6.1 -p @stryker-mutator/jest-runner@9.6.1 stryker'
).split(' ');
const wanted = process.argv.slice(2);
const scores = [];
mkdirSync(`${root}/${folder}`, { recursive: true });
for (const [name, { mutate, specs }] of Object.entries(GROUPS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const report = `${folder}/${name}.json`;
  const config = {
    ...base,
    mutate: [...mutate.map((file) => `${governance}/${file}`), ...NOT_MUTATED],
    jsonReporter: { fileName: report },
    incrementalFile: `${folder}/${name}-incremental.json`,
  };
  writeFileSync(`${root}/${folder}/stryker-${name}.json`, JSON.stringify(config));
  const env = { ...process.env, MUTATION_SPECS: specs.join(',') };
  const { status } = spawnSync(command, [...first, 'run', `${folder}/stryker-${name}.json`], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  scores.push(...scoresOf(name, JSON.parse(readFileSync(`${root}/${report}`, 'utf8'))));
}
for (const { file, killed, all } of scores) {
  console.log(
    `${((100 * killed) / all).toFixed(1).padStart(6)} %  ${String(killed).padStart(4)} of ${String(all).padStart(4)}  ${file}`,
  );
}
const killed = scores.reduce((sum, score) => sum + score.killed, 0);
const all = scores.reduce((sum, score) => sum + score.all, 0);
console.log(
  `${((100 * killed) / all).toFixed(1).padStart(6)} %  ${killed} of ${all} planted faults were found; ${LEAST_PERCENT} % are asked for`,
);
if (100 * killed < LEAST_PERCENT * all) process.exitCode = 3;

/** Found: a test failed, or ran into its time limit. Not counted: what the compiler refuses, and what was ignored. */
function scoresOf(group, { files }) {
  return Object.entries(files).flatMap(([file, { mutants }]) => {
    const counted = mutants.filter(({ status }) => !['CompileError', 'RuntimeError', 'Ignored'].includes(status));
    if (counted.length === 0) return [];
    const found = counted.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
    return [{ file: `${group}: ${file.slice(governance.length + 1)}`, killed: found, all: counted.length }];
  });
}
