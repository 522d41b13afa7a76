/** The actions of the canvas; panels add theirs. */
import { ARRANGE_ACTIONS } from "./arrange.js";
import { DRAW_ACTIONS } from "./draw.js";
import { INSPECT_ACTIONS } from "./inspect.js";
import { RUN_ACTIONS } from "./run.js";
import { SELECT_ACTIONS } from "./select.js";
import { SUBGRAPH_ACTIONS } from "./subgraph.js";
import { TOGETHER_ACTIONS } from "./together.js";
import { VIEW_ACTIONS } from "./view.js";

export const CANVAS_ACTIONS = [...DRAW_ACTIONS, ...INSPECT_ACTIONS, ...SUBGRAPH_ACTIONS, ...ARRANGE_ACTIONS, ...SELECT_ACTIONS, ...VIEW_ACTIONS, ...RUN_ACTIONS, ...TOGETHER_ACTIONS];
