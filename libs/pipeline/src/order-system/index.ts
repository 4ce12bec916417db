export {
  decideOrderSystem,
  type InstructionUnreadable,
  type OrderSystemInput,
  type OrderSystemOptions,
  type OrderSystemOutput,
} from './decide';
export { approvalHolds } from './inspect-instruction';
export { initialOrderSystemState, type OrderSystemState } from './order-book';
export { REJECT_CODES, type RejectCode } from './reject-codes';
