#include "notifications/template.h"

#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <kainjow/mustache.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "notifications/template_source.h"

namespace aiguillage::notifications {
namespace {

namespace mustache = kainjow::mustache;

std::string Unchanged(const std::string& text) { return text; }

using Stack = std::vector<const View*>;  // outermost first

// As the library looks: the innermost level that has the whole dotted path. A level that is no view
// (a flag, a text) has nothing.
const View::Field* Resolve(const Stack& stack, std::string_view path) {
  for (auto level = stack.rbegin(); level != stack.rend(); ++level) {
    const View* view = *level;
    const View::Field* field = nullptr;
    std::size_t from = 0;
    while (view != nullptr) {
      const std::size_t dot = path.find('.', from);
      field = view->Find(path.substr(from, dot - from));
      if (field == nullptr || dot == std::string_view::npos) break;
      from = dot + 1;
      view = field->kind == View::Field::Kind::kView ? &field->rows.front() : nullptr;
      field = nullptr;
    }
    if (field != nullptr) return field;
  }
  return nullptr;
}

// Lets the library look into a view where it lies. Its own data are maps of maps of texts: to copy
// a page's view into them took as long as to render it (docs/decisions/0007).
class ViewContext : public mustache::basic_context<std::string> {
 public:
  explicit ViewContext(const View& view) : stack_{&view} {}

  // The library holds what it got no longer than until it asks for the next: one text serves all.
  // A list it walks meanwhile, so each has its own.
  const mustache::data* get(const std::string& name) const override {
    const View::Field* field = Resolve(stack_, name);
    if (field == nullptr) return nullptr;
    switch (field->kind) {
      case View::Field::Kind::kText:
        if (field->text.empty()) return &no_;
        const_cast<std::string&>(text_.string_value()) = field->text;
        return &text_;
      case View::Field::Kind::kFlag:
        return field->flag ? &yes_ : &no_;
      case View::Field::Kind::kView:
      case View::Field::Kind::kList:
        break;
    }
    return &lists_.emplace_back(field->rows).data;
  }
  const mustache::data* get_partial(const std::string&) const override { return nullptr; }

  void push(const mustache::data* level) override {
    stack_.push_back(RowAt(level));
    lists_before_.push_back(lists_.size());
  }
  // The lists asked for inside a level end with it.
  void pop() override {
    stack_.pop_back();
    while (lists_.size() > lists_before_.back()) lists_.pop_back();
    lists_before_.pop_back();
  }

 private:
  // For the library a list of so many flags; its place among them says which row it is at.
  struct List {
    explicit List(const std::list<View>& its)
        : data(mustache::list(its.size(), mustache::data(true))) {
      for (const View& row : its) rows.push_back(&row);
    }
    const View* RowAt(const mustache::data* level) const {
      const auto& flags = data.list_value();
      const std::less<> before;
      if (flags.empty() || before(level, &flags.front()) || before(&flags.back(), level)) {
        return nullptr;
      }
      return rows[static_cast<std::size_t>(level - flags.data())];
    }
    mustache::data data;
    std::vector<const View*> rows;
  };

  const View* RowAt(const mustache::data* level) const {
    if (level == &yes_ || level == &no_ || level == &text_) return nullptr;
    for (auto list = lists_.rbegin(); list != lists_.rend(); ++list) {
      if (const View* row = list->RowAt(level)) return row;
    }
    return nullptr;
  }

  const mustache::data yes_{true}, no_{false};
  mutable mustache::data text_{std::string()};
  mutable std::deque<List> lists_;  // whose places stay
  Stack stack_;
  std::vector<std::size_t> lists_before_;  // each level
};

void FindMissing(const std::vector<NameNode>& nodes, const std::string& prefix, Stack& stack,
                 std::set<std::string>& missing) {
  for (const NameNode& node : nodes) {
    const View::Field* field = Resolve(stack, node.name);
    if (field == nullptr) missing.insert(prefix + node.name);
    if (!node.section) continue;
    const std::string inside = prefix + node.name + "/";
    const bool levels =
        field != nullptr && !node.inverted &&
        (field->kind == View::Field::Kind::kList || field->kind == View::Field::Kind::kView);
    if (!levels) {
      FindMissing(node.children, inside, stack, missing);
      continue;
    }
    for (const View& row : field->rows) {
      stack.push_back(&row);
      FindMissing(node.children, inside, stack, missing);
      stack.pop_back();
    }
  }
}

void CollectNames(const std::vector<NameNode>& nodes, const std::string& prefix,
                  std::set<std::string>& names) {
  for (const NameNode& node : nodes) {
    names.insert(prefix + node.name);
    CollectNames(node.children, prefix + node.name + "/", names);
  }
}

bool IsIncludedOnly(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return name[slash == std::string::npos ? 0 : slash + 1] == '_';
}

}  // namespace

// Rendering is not const in the library but writes only when a template is broken, and none is:
// four threads on one parsed template are clean under TSan (tests/notifications/template_test.cpp).
struct Template::Impl {
  Impl(const std::string& text, Escape escape) : parsed(text), names(NameTree(text)) {
    if (escape == Escape::kPlain) parsed.set_custom_escape(Unchanged);
  }
  mutable mustache::mustache parsed;
  std::vector<NameNode> names;
};

engine::Refusal RefusalOf(const std::vector<TemplateProblem>& problems) {
  std::string sentences;
  for (const TemplateProblem& problem : problems) {
    if (!sentences.empty()) sentences += '\n';
    sentences += problem.file + ":" + std::to_string(problem.line) + " : " + problem.message;
  }
  return {"template", sentences, {}};
}

Escape EscapeOf(const std::string& name) {
  const std::string_view view(name);
  for (const std::string_view end : {".txt", ".subject"}) {
    if (view.size() > end.size() && view.substr(view.size() - end.size()) == end) {
      return Escape::kPlain;
    }
  }
  return Escape::kHtml;
}

std::string Template::Render(const View& view) const {
  // The only rendering of the library's that takes a context writes to a stream; a stream of a
  // text would copy the page once more.
  struct Text {
    std::string text;
    Text& operator<<(const std::string& piece) {
      text += piece;
      return *this;
    }
  } out;
  ViewContext context(view);
  impl_->parsed.render(context, out);
  return std::move(out.text);
}

std::vector<std::string> Template::Names() const {
  std::set<std::string> names;
  CollectNames(impl_->names, "", names);
  return {names.begin(), names.end()};
}

std::vector<std::string> Template::Missing(const View& view) const {
  std::set<std::string> missing;
  Stack stack{&view};
  FindMissing(impl_->names, "", stack, missing);
  return {missing.begin(), missing.end()};
}

engine::Outcome<TemplateSet> TemplateSet::LoadFolder(const std::string& directory,
                                                     const TemplateOptions& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::map<std::string, std::string> texts;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".mustache") continue;
    std::ifstream file(it->path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return RefusalOf({{it->path().string(), 0, "fichier illisible"}});
    texts[fs::relative(it->path(), directory).replace_extension().generic_string()] = text.str();
  }
  if (error) return RefusalOf({{directory, 0, "dossier illisible : " + error.message()}});
  return LoadTexts(texts, options);
}

engine::Outcome<TemplateSet> TemplateSet::LoadTexts(const std::map<std::string, std::string>& texts,
                                                    const TemplateOptions& options) {
  const std::vector<TemplateProblem> problems = Check(texts, options);
  if (!problems.empty()) return RefusalOf(problems);
  TemplateSet set;
  std::vector<TemplateProblem> none;
  for (const auto& [name, text] : texts) {
    if (IsIncludedOnly(name)) continue;
    auto impl = std::make_shared<const Template::Impl>(Assemble(texts, name, options, none),
                                                       EscapeOf(name));
    if (!impl->parsed.is_valid()) {  // our own reading should have seen it first
      return RefusalOf({{name + ".mustache", 0, impl->parsed.error_message()}});
    }
    set.templates_.emplace(name, Template(std::move(impl)));
  }
  return set;
}

std::vector<TemplateProblem> TemplateSet::Check(const std::map<std::string, std::string>& texts,
                                                const TemplateOptions& options) {
  std::vector<TemplateProblem> problems;
  for (const auto& [name, text] : texts) {
    for (TemplateProblem& problem : CheckSource(name, text)) problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return problems;  // inclusions are followed in sound files only
  for (const auto& [name, text] : texts) {
    if (!IsIncludedOnly(name)) Assemble(texts, name, options, problems);
  }
  // A file included by many tells its trouble once.
  std::set<std::string> told;
  std::erase_if(problems, [&](const TemplateProblem& problem) {
    return !told.insert(problem.file + std::to_string(problem.line) + problem.message).second;
  });
  return problems;
}

const Template& TemplateSet::Get(const std::string& name) const {
  const auto found = templates_.find(name);
  if (found == templates_.end()) {
    throw std::out_of_range("Expected a template named " + name + ", but there is none.");
  }
  return found->second;
}

std::vector<std::string> TemplateSet::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, one] : templates_) names.push_back(name);
  return names;
}

}  // namespace aiguillage::notifications
