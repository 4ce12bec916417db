export { decideOrderSystem, initialOrderSystemState, type OrderSystemInput, type OrderSystemState } from './decide';
