#include "workflows/reader.h"

#include <sstream>
#include <unordered_map>

#include "workflows/reader_content.h"
#include "workflows/xml_tree.h"

namespace aiguillage::workflows {
namespace {

using engine::StateKind;

constexpr std::size_t kStatesMost = 60'000;  // a snapshot names states by 16 bits

class ChartReader {
 public:
  ChartReader(const std::string& file, const ReadOptions& options,
              std::vector<ReadProblem>& problems)
      : file_(file),
        options_(options),
        problems_(problems),
        content_(file, options, problems),
        chart_(std::make_shared<engine::Chart>()) {}

  std::shared_ptr<const engine::Chart> Read(const XmlNode& root) {
    if (root.name != "scxml" || root.space != kScxmlSpace) {
      content_.Problem(root, "root", "l’élément racine attendu est <scxml> de SCXML 1.0.");
      return nullptr;
    }
    chart_->source = file_;
    chart_->name = root.Plain("name");
    chart_->attributes = ContentReader::Foreign(root);
    chart_->late_binding = root.Plain("binding") == "late";
    AddState(root, -1, StateKind::kRoot);
    ResolveTargets();
    if (problems_.empty()) {
      const std::string wrong = engine::Complete(*chart_);
      if (!wrong.empty()) content_.Problem(root, "structure", wrong);
    }
    return chart_;
  }

 private:
  struct Pending {  // targets, resolved once every id is known
    int transition;
    std::string ids;
    const XmlNode* node;
  };

  engine::StateNode& State(int index) { return chart_->states[static_cast<std::size_t>(index)]; }

  int AddState(const XmlNode& node, int parent, StateKind kind) {
    const int index = static_cast<int>(chart_->states.size());
    if (chart_->states.size() >= kStatesMost) {
      content_.Problem(node, "too_many_states", "plus de 60 000 états.");
      return index;
    }
    chart_->states.emplace_back();
    auto& state = chart_->states.back();
    state.id = node.Has("id") ? node.Plain("id") : "_" + std::to_string(index);
    state.index = index;
    state.parent = parent;
    state.kind = kind;
    state.at = {node.line, node.column};
    state.attributes = ContentReader::Foreign(node);
    if (!ids_.emplace(state.id, index).second) {
      content_.Problem(node, "duplicate_id",
                       "l’id « " + state.id + " » est déjà pris : en choisir un autre.");
    }
    if (parent >= 0) State(parent).children.push_back(index);
    if (node.Has("initial")) {
      State(index).initial = AddTransition(node, index, node.Plain("initial"));
    }
    for (const auto& child : node.children) {
      if (child.name.empty()) continue;
      if (child.space == kScxmlSpace) ReadChild(child, index);
    }
    return index;
  }

  void ReadChild(const XmlNode& node, int owner) {
    if (node.name == "state") {
      AddState(node, owner, StateKind::kState);
    } else if (node.name == "parallel") {
      AddState(node, owner, StateKind::kParallel);
    } else if (node.name == "final") {
      AddState(node, owner, StateKind::kFinal);
    } else if (node.name == "history") {
      ReadHistory(node, owner);
    } else if (node.name == "initial") {
      State(owner).initial = OnlyTransition(node, owner);
    } else if (node.name == "transition") {
      // SCION and others let <scxml> have transitions; the rails do not
      const bool root = State(owner).kind == StateKind::kRoot && options_.product;
      if (State(owner).kind == StateKind::kFinal || root) {
        content_.Problem(node, "misplaced",
                         "un <transition> n’a pas sa place ici : le mettre dans un <state>.");
      }
      const int made = AddTransition(node, owner, node.Plain("target"));
      State(owner).transitions.push_back(made);
    } else if (node.name == "onentry") {
      auto block = content_.Children(node);
      State(owner).on_entry.push_back(std::move(block));
    } else if (node.name == "onexit") {
      auto block = content_.Children(node);
      State(owner).on_exit.push_back(std::move(block));
    } else if (node.name == "datamodel") {
      ReadData(node, owner);
    } else if (node.name == "invoke") {
      auto made = ReadInvoke(node);
      State(owner).invokes.push_back(std::move(made));
    } else if (node.name == "donedata") {
      auto payload = content_.PayloadOf(node);
      State(owner).has_done_data = true;
      State(owner).done_data = std::move(payload);
    } else if (node.name == "script" && owner == 0) {
      chart_->scripts.push_back({content_.Script(node, &chart_->missing_scripts)});
    } else {
      content_.Problem(node, "unknown_element",
                       "<" + node.name + "> n’a pas sa place dans « " + State(owner).id + " ».");
    }
  }

  void ReadHistory(const XmlNode& node, int owner) {
    const auto kind =
        node.Plain("type") == "deep" ? StateKind::kDeepHistory : StateKind::kShallowHistory;
    const int index = AddHistoryState(node, owner, kind);
    State(index).history_default = OnlyTransition(node, index);
  }

  // Like a state, but its transition is a default, not one that events select.
  int AddHistoryState(const XmlNode& node, int owner, StateKind kind) {
    XmlNode bare = node;
    bare.children.clear();
    return AddState(bare, owner, kind);
  }

  int OnlyTransition(const XmlNode& node, int source) {
    for (const auto& child : node.children) {
      if (child.name == "transition" && child.space == kScxmlSpace) {
        return AddTransition(child, source, child.Plain("target"));
      }
    }
    return -1;
  }

  int AddTransition(const XmlNode& node, int source, const std::string& targets) {
    const int index = static_cast<int>(chart_->transitions.size());
    engine::Transition made;
    made.index = index;
    made.source = source;
    made.at = {node.line, node.column};
    if (node.name == "transition") {
      made.events = Descriptors(node.Plain("event"));
      made.condition = content_.Condition(node);
      made.internal = node.Plain("type") == "internal";
      made.attributes = ContentReader::Foreign(node);
      made.content = content_.Children(node);
    }
    chart_->transitions.push_back(std::move(made));
    if (!targets.empty()) pending_.push_back({index, targets, &node});
    return index;
  }

  static std::vector<std::string> Descriptors(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> list;
    for (std::string word; in >> word;) {
      if (word == "*") {
        word.clear();
      } else if (word.ends_with(".*")) {
        word.resize(word.size() - 2);
      } else if (word.ends_with(".")) {
        word.pop_back();
      }
      list.push_back(word);
    }
    return list;
  }

  void ReadData(const XmlNode& node, int owner) {
    for (const auto& child : node.children) {
      if (child.name != "data" || child.space != kScxmlSpace) continue;
      engine::DataItem item;
      item.id = child.Plain("id");
      item.at = {child.line, child.column};
      item.expression = content_.Attribute(child, "expr");
      item.src = child.Plain("src");
      if (!item.src.empty()) {
        if (options_.product)
          content_.Problem(child, "src",
                           "src n’est pas admis dans les rails : écrire la valeur dans expr.");
        const auto found = options_.preloaded.find(item.src);
        item.has_literal = found != options_.preloaded.end();
        if (item.has_literal) item.literal = ContentReader::LiteralOfText(found->second);
      } else if (!item.expression && !child.children.empty()) {
        item.has_literal = true;
        item.literal = ContentReader::Literal(child);
      }
      State(owner).data.push_back(std::move(item));
    }
  }

  engine::Invoke ReadInvoke(const XmlNode& node) {
    engine::Invoke made;
    made.id = node.Plain("id");
    made.at = {node.line, node.column};
    for (const auto& attribute : node.attributes) {
      if (attribute.space.empty()) made.attributes[attribute.name] = attribute.value;
    }
    made.id_location = content_.Attribute(node, "idlocation");
    for (const std::string name : {"type", "src"}) {
      if (node.Has(name + "expr")) {
        made.computed.push_back({name, content_.Attribute(node, name + "expr")});
      }
    }
    made.autoforward = node.Plain("autoforward") == "true";
    made.payload = content_.PayloadOf(node);
    for (const auto& child : node.children) {
      if (child.space != kScxmlSpace) continue;
      if (child.name == "finalize") {
        made.has_finalize = true;
        made.finalize = content_.Children(child);
      } else if (child.name == "content") {
        ReadInline(child, made);
      }
    }
    if (options_.product && (node.Has("src") || node.Has("srcexpr"))) {
      content_.Problem(node, "invoke",
                       "<invoke> d’une adresse n’est pas admis dans les rails : le supprimer.");
    }
    return made;
  }

  // <content><scxml>…: the invoked document is read with its parent's.
  void ReadInline(const XmlNode& content, engine::Invoke& made) {
    for (const auto& child : content.children) {
      if (child.name != "scxml" || child.space != kScxmlSpace) continue;
      made.chart = ChartReader(file_, options_, problems_).Read(child);
      made.payload.has_content = false;
    }
  }

  void ResolveTargets() {
    for (const auto& [transition, ids, node] : pending_) {
      std::istringstream in(ids);
      for (std::string id; in >> id;) {
        const auto found = ids_.find(id);
        if (found == ids_.end()) {
          content_.Problem(*node, "unknown_target",
                           "transition vers « " + id +
                               " » : aucun état ne porte cet id. Corriger target, ou "
                               "ajouter l’état.");
          continue;
        }
        chart_->transitions[static_cast<std::size_t>(transition)].targets.push_back(found->second);
      }
    }
  }

  std::string file_;
  const ReadOptions& options_;
  std::vector<ReadProblem>& problems_;
  ContentReader content_;
  std::shared_ptr<engine::Chart> chart_;
  std::unordered_map<std::string, int> ids_;
  std::vector<Pending> pending_;
};

engine::Refusal Refuse(const std::vector<ReadProblem>& problems) {
  std::string sentence;
  for (const auto& problem : problems) {
    sentence += (sentence.empty() ? "" : "\n") + problem.file + ":" + std::to_string(problem.line) +
                ":" + std::to_string(problem.column) + " : " + problem.sentence;
  }
  return {"chart", sentence, {}};
}

}  // namespace

engine::Outcome<std::shared_ptr<const engine::Chart>> ReadChart(
    std::string_view text, const std::string& file, const ReadOptions& options,
    std::vector<ReadProblem>* problems) {
  std::vector<ReadProblem> found;
  std::shared_ptr<const engine::Chart> chart;
  XmlProblem problem;
  const auto tree = ReadXmlTree(text, file, &problem);
  if (!tree) {
    found.push_back({file, problem.line, problem.column, "xml", problem.sentence});
  } else {
    chart = ChartReader(file, options, found).Read(tree.value());
  }
  if (problems != nullptr) problems->insert(problems->end(), found.begin(), found.end());
  if (!found.empty()) return Refuse(found);
  return chart;
}

}  // namespace aiguillage::workflows
