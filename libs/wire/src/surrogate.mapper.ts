import type { DecisionSurrogate as SurrogateMessage, SurrogateNode as NodeMessage } from '@allostat/contracts';
import {
  SURROGATE_FEATURES,
  type DecisionSurrogate,
  type ExposureSurrogate,
  type SurrogateFeature,
  type SurrogateNode,
} from '@allostat/pipeline';
import { optional, type FieldReader } from './field-reader';

const REASONS = ['too-few-decisions', 'nothing-to-imitate', 'not-faithful'] as const;

export function surrogateToWire({ tree, known, decided }: DecisionSurrogate) {
  const { rows, asOf, fidelityMin, fidelity } = tree;
  const faithful = tree.status === 'faithful' ? tree : undefined;
  return {
    rows,
    fidelityMin,
    ...optional('asOf', asOf),
    ...optional('fidelity', fidelity),
    ...(tree.status === 'refused' && { refused: tree.reason }),
    nodes: (faithful?.nodes ?? []).map(nodeToWire), // a refused tree has none
    importance: (faithful?.importance ?? []).map((entry) => ({ ...entry })),
    known: known.map((entry) => ({ ...entry })),
    decided,
  };
}

const nodeToWire = (node: SurrogateNode) => {
  if (node.kind === 'leaf') return { value: node.value, rows: node.rows };
  const { feature, threshold, low, high } = node;
  return { feature, threshold, low, high };
};

export function surrogateFromWire(message: SurrogateMessage, read: FieldReader): DecisionSurrogate {
  const named = (field: string, value: string): SurrogateFeature =>
    SURROGATE_FEATURES.find((name) => name === value) ?? read.fail(`surrogate.${field}`, `"${value}" is not known`);
  return {
    tree: treeFromWire(message, read, named),
    known: message.known.map(({ feature, value }) => ({
      feature: named('known.feature', feature),
      value: read.finite('surrogate.known.value', value),
    })),
    decided: read.finite('surrogate.decided', message.decided),
  };
}

function treeFromWire(
  message: SurrogateMessage,
  read: FieldReader,
  named: (field: string, value: string) => SurrogateFeature,
): ExposureSurrogate {
  const { rows, refused } = message;
  const facts = {
    rows,
    ...optional('asOf', message.asOf, (value) => read.date('surrogate.as_of', value)),
    fidelityMin: read.between('surrogate.fidelity_min', message.fidelityMin, 0, 1),
  };
  if (refused !== undefined) {
    const reason =
      REASONS.find((known) => known === refused) ?? read.fail('surrogate.refused', 'is not a known reason');
    return {
      ...facts,
      status: 'refused',
      reason,
      ...optional('fidelity', message.fidelity, (value) => read.finite('surrogate.fidelity', value)),
    };
  }
  return {
    ...facts,
    status: 'faithful',
    fidelity: read.between(
      'surrogate.fidelity',
      read.present('surrogate.fidelity', message.fidelity),
      facts.fidelityMin,
      1,
    ),
    nodes: message.nodes.map((node, at) => nodeFromWire(node, { at, count: message.nodes.length, read, named })),
    importance: message.importance.map(({ feature, loss }) => ({
      feature: named('importance.feature', feature),
      loss: read.finite('surrogate.importance.loss', loss),
    })),
  };
}

/** A branch leads to a later node, so that no tree runs in a circle. */
function nodeFromWire(
  { feature, threshold, low, high, value, rows }: NodeMessage,
  {
    at,
    count,
    read,
    named,
  }: {
    readonly at: number;
    readonly count: number;
    readonly read: FieldReader;
    readonly named: (field: string, value: string) => SurrogateFeature;
  },
): SurrogateNode {
  if (feature === undefined) return { kind: 'leaf', value: read.finite('surrogate.nodes.value', value), rows };
  return {
    kind: 'split',
    feature: named('nodes.feature', feature),
    threshold: read.finite('surrogate.nodes.threshold', threshold),
    low: read.between('surrogate.nodes.low', low, at + 1, count - 1),
    high: read.between('surrogate.nodes.high', high, at + 1, count - 1),
  };
}
