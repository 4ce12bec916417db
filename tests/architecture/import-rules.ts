import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const ROOT = join(__dirname, '../..');

export interface SourceFile {
  /** Path from the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  readonly rule: string;
  readonly found: string;
}

/** Production sources: no tests, nothing generated or built. */
export function productionSources(): SourceFile[] {
  return ['libs', 'services'].flatMap((folder) => walk(join(ROOT, folder)));
}

function walk(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): SourceFile[] => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', 'gen'].includes(entry.name) ? [] : walk(full);
    if (!entry.name.endsWith('.ts') || /\.(spec|contract|fixture)\.ts$/.test(entry.name)) return [];
    return [{ path: relative(ROOT, full).split(sep).join('/'), text: readFileSync(full, 'utf8') }];
  });
}

/** What each package may import of ours. Services may import every library; `allostat` also the services. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  contracts: [],
  quant: ['kernel'],
  pipeline: ['quant', 'kernel'],
  wire: ['contracts', 'pipeline', 'kernel'],
  platform: ['contracts', 'kernel'],
  testkit: ['platform', 'kernel', 'contracts', 'wire', 'pipeline'],
};

const PURE = ['kernel', 'quant', 'pipeline'];
const BANNED_IMPORTS =
  /^(node:|fs$|path$|crypto$|os$|child_process$|worker_threads$|@nestjs\/|typeorm$|pg$|kafkajs$|ioredis$)/;
const BANNED_CODE: readonly (readonly [rule: string, pattern: RegExp])[] = [
  ['the core has no randomness of its own', /\bMath\.random\b/],
  ['the core has no clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/],
  ['the core prints nothing', /\bconsole\./],
  ['the core has no timers and no process', /\b(setTimeout|setInterval|setImmediate)\s*\(|\bprocess\./],
];

/** Every import and use that a file must not have. */
export function violations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => [...importViolations(file), ...pureViolations(file)]);
}

function importViolations({ path, text }: SourceFile): Violation[] {
  const [, kind, name] = /^(libs|services)\/([^/]+)\//.exec(path) ?? [];
  if (!kind) return [];
  return importsOf(text).flatMap((imported): Violation[] => {
    const target = /^@allostat\/([^/]+)/.exec(imported)?.[1];
    if (target === undefined) {
      const escapes = imported.startsWith('../') && !staysInside(path, imported);
      return escapes ? [{ path, rule: 'a package is reached by its name, not by a path', found: imported }] : [];
    }
    if (kind === 'libs') {
      const allowed = LIBRARIES[name] ?? [];
      return allowed.includes(target)
        ? []
        : [{ path, rule: `libs/${name} may import ${allowed.join(', ') || 'nothing of ours'}`, found: imported }];
    }
    const isService = !(target in LIBRARIES);
    if (isService && name !== 'allostat') return [{ path, rule: 'no service imports a service', found: imported }];
    return target === 'testkit' ? [{ path, rule: 'production code does not import the testkit', found: imported }] : [];
  });
}

function pureViolations({ path, text }: SourceFile): Violation[] {
  const name = /^libs\/([^/]+)\//.exec(path)?.[1];
  if (name === undefined || !PURE.includes(name)) return [];
  const code = withoutComments(text);
  return [
    ...importsOf(text)
      .filter((imported) => BANNED_IMPORTS.test(imported))
      .map((found) => ({ path, rule: 'the core does no I/O and knows no framework', found })),
    ...BANNED_CODE.flatMap(([rule, pattern]) => {
      const found = pattern.exec(code)?.[0];
      return found === undefined ? [] : [{ path, rule, found }];
    }),
  ];
}

function importsOf(text: string): string[] {
  const pattern = /(?:from\s+|import\s*\(\s*|require\s*\(\s*|^import\s+)['"]([^'"]+)['"]/gm;
  return [...withoutComments(text).matchAll(pattern)].map((match) => match[1]);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function staysInside(path: string, imported: string): boolean {
  const folder = path.split('/').slice(0, -1);
  for (const part of imported.split('/')) {
    if (part === '..') folder.pop();
    else break;
  }
  return folder.length >= 3; // libs/<name>/src
}
