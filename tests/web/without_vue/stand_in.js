// The names our components import from Vue; nothing is rendered in these tests.
const nothing = () => undefined;

export const computed = nothing;
export const defineComponent = (component) => component;
export const h = nothing;
export const inject = nothing;
export const nextTick = nothing;
export const onBeforeUnmount = nothing;
export const onMounted = nothing;
export const onScopeDispose = nothing;
export const provide = nothing;
export const reactive = (value) => value;
export const ref = (value) => ({ value });
export const shallowReactive = (value) => value;
export const shallowRef = (value) => ({ value });
export const TransitionGroup = {};
export const watch = nothing;
