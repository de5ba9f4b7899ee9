/** Owns what is read off a call node: the children of its newest call, and whether it still waits for one. */
import type { ChildNews } from "../fact.ts";
import type { ChildState, NodeState } from "./state.ts";

/** The children of the newest call of a node, in item order. */
export const calledChildren = (node: NodeState): readonly ChildState[] =>
  node.children.filter((child) => child.listed && child.round === node.round);

const isOpen = (news: ChildNews | undefined): boolean => news === undefined || news.status === "waiting" || news.status === "rejected";
/** It waits for children that need nobody any more. */
export const isResolvedCall = (node: NodeState): boolean =>
  node.status === "waiting" && node.waitsFor === "child" && !calledChildren(node).some((child) => isOpen(child.news));
