import { canonicalJson, sha256Hex } from '@allostat/kernel';
import type { AllocationProposed } from '../optimization/events';

/** What a person signs: the SHA-256 of the canonical JSON (RFC 8785) of the whole proposal. */
export function contentHash(proposal: AllocationProposed): string {
  return sha256Hex(canonicalJson(proposal));
}
