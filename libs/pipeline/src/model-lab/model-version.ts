import { canonicalJson, sha256Hex, type IsoDate } from '@allostat/kernel';

/** Name of a fitted model's version: the end of its training window and the start of its parameters' hash. */
export function modelVersion(trainedTo: IsoDate, parameters: unknown): string {
  return `${trainedTo}-${sha256Hex(canonicalJson(parameters)).slice(0, 8)}`;
}
