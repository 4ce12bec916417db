export { correlationDistance, distanceOfDistances, type CorrelationDistance } from './correlation-distance';
export { hierarchicalLinkage, linkageMethods, type Linkage, type LinkageMethod } from './linkage';
export { optimalLeafOrder, orderLeaves, plainLeafOrder, scipyLeafOrder, type LeafOrder } from './leaf-order';
export { assetTree, type AssetTree, type AssetTreeOptions } from './asset-tree';
export { coMovementDistance, coMovements, type CoMovement } from './co-movement';
export { cutTree } from './cut-tree';
export { countClusters, type ClusterCount } from './count-clusters';
export { adjustedRand } from './adjusted-rand';
export { regimeTrees, type RegimeTree, type RegimeTrees } from './regime-trees';
