export { correlationDistance, distanceOfDistances, type CorrelationDistance } from './correlation-distance';
export { hierarchicalLinkage, linkageMethods, type Linkage, type LinkageMethod } from './linkage';
export { optimalLeafOrder, orderLeaves, plainLeafOrder, scipyLeafOrder, type LeafOrder } from './leaf-order';
