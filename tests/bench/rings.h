// The charts that the benches run, ours and our peers': the same text for every reader of SCXML.
//
//   Document(Ring(12))                        twelve states in a ring, each waiting for « next »
//   Document(Counter() + Ring(12, Guarded())) the same, with a guard and an assignment
//   Document(Tree({3, 4, 4, 4, 4}))           1,023 states on five levels, 768 of them atomic
//   Rails()                                   the same as rails that `workflow check` finds clean
#pragma once

#include <string>
#include <vector>

namespace aiguillage::bench {

struct Extra {
  std::string attributes;
  std::string content;
};

inline Extra Guarded() { return {" cond='n &gt;= 0'", "<assign location='n' expr='n + 1'/>"}; }
inline std::string Counter() { return "<datamodel><data id='n' expr='0'/></datamodel>"; }

inline std::string Ring(int states, const Extra& extra = {}) {
  std::string text;
  for (int i = 0; i < states; ++i) {
    text += "<state id='s" + std::to_string(i) + "'><transition event='next' target='s" +
            std::to_string((i + 1) % states) + "'" + extra.attributes + ">" + extra.content +
            "</transition></state>\n";
  }
  return text;
}

inline std::string Document(const std::string& inside, const std::string& datamodel = "ecmascript",
                            const std::string& attributes = "") {
  return "<scxml xmlns='http://www.w3.org/2005/07/scxml' version='1.0' datamodel='" + datamodel +
         "'" + attributes + ">" + inside + "</scxml>";
}

namespace detail {
inline void Branch(const std::vector<int>& widths, std::size_t level, int leaves, int& leaf,
                   const std::string& attributes, const std::string& on, std::string& text) {
  for (int i = 0; i < widths[level]; ++i) {
    if (level + 1 < widths.size()) {
      text += "<state>";
      Branch(widths, level + 1, leaves, leaf, attributes, on, text);
      text += "</state>\n";
    } else {
      text += "<state id='s" + std::to_string(leaf) + "'" + attributes +
              "><transition event='next' target='s" + std::to_string((leaf + 1) % leaves) + "'" +
              on + "/></state>\n";
      ++leaf;
    }
  }
}
}  // namespace detail

// Each leaf goes to the next, every fourth time out of what it is in.
inline std::string Tree(const std::vector<int>& widths, const std::string& attributes = "",
                        const std::string& on = "") {
  int leaves = 1, leaf = 0;
  for (const int width : widths) leaves *= width;
  std::string text;
  detail::Branch(widths, 0, leaves, leaf, attributes, on, text);
  return text;
}

inline std::string Rails() {
  return Document(
      "<state>" +
          Tree({3, 4, 4, 4, 4}, " aap:label='Une étape' aap:public='Une étape'",
               " aap:label='Poursuivre' aap:by='project_holder' aap:form=''") +
          "<transition event='end' target='end' aap:label='Terminer' "
          "aap:by='program_admin' aap:form=''/></state><final id='end' aap:label='Terminé'/>",
      "ecmascript", " xmlns:aap='urn:aiguillage:aap:1' aap:title='Essai'");
}

}  // namespace aiguillage::bench
