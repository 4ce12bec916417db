export {
  surrogateTree,
  type FeatureTable,
  type Surrogate,
  type SurrogateOptions,
  type TreeNode,
} from './surrogate-tree';
