import { InputError, nearestWord } from '@allostat/kernel';
import { LineCounter, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';

/** A parsed file that still knows on which line each value stands. */
export interface YamlFile<T> {
  readonly file: string;
  readonly value: T;
  /** An error about the value at `path`, with file and line. */
  fault(path: readonly PropertyKey[], message: string, hint?: string): InputError;
}

/** Checks the text of a YAML file against a schema. Throws `InputError` with file, line, reason and the nearest valid value. */
export function checkYaml<T>(text: string, file: string, schema: z.ZodType<T>): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fault = (path: readonly PropertyKey[], message: string, hint?: string): InputError => {
    const line = lineOf(document, lines, path);
    return new InputError(
      `${file}:${line}: ${describe(path)}${message}`,
      { file, row: line, field: path.join('.') },
      hint,
    );
  };
  const [syntax] = document.errors;
  if (syntax) {
    const line = syntax.linePos?.[0].line ?? 1; // a syntax error without a place concerns the whole file
    throw new InputError(`${file}:${line}: ${syntax.message.split('\n')[0]}`, { file, row: line });
  }
  const raw: unknown = document.toJS();
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { file, value: parsed.data, fault };
  // an unknown field is most often the misspelt name of one that is missing: it says more
  const { issues } = parsed.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0]];
    throw fault(path, 'is not a known field', nearestWord(issue.keys[0], knownKeys(schema, issue.path)));
  }
  throw fault(issue.path, issue.message, percentHint(raw, issue));
}

/** A number just above a decimal's range is most often a percent. */
function percentHint(raw: unknown, issue: z.core.$ZodIssue): string | undefined {
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], raw);
  if (issue.code === 'too_big' && typeof value === 'number' && value <= 100) {
    return `rates and weights are decimals: ${value} percent is ${value / 100}`;
  }
  return undefined;
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) at = elementOf(at) ?? shapeOf(at)?.[key as string];
  return Object.keys(shapeOf(at) ?? {});
}

/** What a list has in it; undefined for anything but a list. */
const elementOf = (schema: unknown): unknown => (schema as { def?: { element?: unknown } } | undefined)?.def?.element;

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const inner = schema as { shape?: Record<string, unknown>; def?: { innerType?: unknown; in?: unknown } } | undefined;
  if (inner?.shape) return inner.shape;
  const next = inner?.def?.innerType ?? inner?.def?.in;
  return next === undefined ? undefined : shapeOf(next);
}

/** Line of the value at `path`, or of the nearest thing above it that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: Node | null = document.contents as Node | null;
  let offset = node?.range?.[0];
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0];
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0];
      node = item;
    } else break;
  }
  return offset === undefined ? 1 : lines.linePos(offset).line;
}

function describe(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `;
}
