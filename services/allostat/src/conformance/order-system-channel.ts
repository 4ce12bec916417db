import type {
  AllocationReleased,
  KillSwitchEngaged,
  OrderSystemOutput,
  SignalSnapshotPublished,
} from '@allostat/pipeline';

/** How the cases reach an order system, whatever it runs on. */
export interface OrderSystemChannel {
  /** Sends an instruction; `spoil` changes its bytes on the way. */
  send(instruction: AllocationReleased, spoil?: 'unknown-enum' | 'unknown-field'): Promise<void>;
  /** A close of the market. */
  close(snapshot: SignalSnapshotPublished): Promise<void>;
  kill(press: KillSwitchEngaged): Promise<void>;
  /** Stops the order system and starts it again on what it had stored; false when the channel cannot. */
  restart(): Promise<boolean>;
  /** Every answer so far. */
  answers(): readonly OrderSystemOutput[];
  /** Waits until `found` gives something, at most `timeoutMs`. */
  waitFor<T>(found: () => T | undefined, timeoutMs: number): Promise<T | undefined>;
}
