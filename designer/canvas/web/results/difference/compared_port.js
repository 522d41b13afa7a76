// What an output was in another run: chosen here, compared with what it is now.

import { defineComponent, h } from "vue";

export const ComparedPort = defineComponent({
  name: "ComparedPort",
  setup() {
    return () => h("p", "to be written");
  },
});
