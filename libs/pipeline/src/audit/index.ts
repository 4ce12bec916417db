export { RECEIPT_FORMAT, verifyReceipt, type DecisionReceipt } from './receipt';
export { MODEL_RECEIPT_FORMAT, verifyModelReceipt, type ModelReceipt } from './model-receipt';
export type { ReceiptVerification } from './proven-records';
