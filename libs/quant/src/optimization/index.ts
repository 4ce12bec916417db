export {
  solveQuadraticProgram,
  type LinearRow,
  type QuadraticProgram,
  type QuadraticSolution,
} from './dual-active-set';
