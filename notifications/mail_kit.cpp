#include "notifications/mail_kit.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "notifications/mime_text.h"
#include "notifications/template_source.h"

namespace aiguillage::notifications {
namespace {

using Texts = std::map<std::string, std::string>;

constexpr std::size_t kSubjectMax = 200;
constexpr std::string_view kTemplateEnd = ".mustache";
constexpr std::string_view kSubjectHeads[] = {"Objet : ", "Objet\u00A0: ", "Objet\u202F: "};
const TemplateOptions kFramed{"_layout"};

std::set<std::string> KnownNames() {
  std::set<std::string> names{"items", "has_items", "label", "value", "subject"};
  for (const MailVariable& variable : kMailVariables) {
    names.insert(variable.name);
    names.insert(std::string("has_") + variable.name);
  }
  names.insert(kMailReason);
  names.insert(std::string("has_") + kMailReason);
  return names;
}

// `X.txt` split into `X.subject` and the text below; the lines that went, to tell places right.
class Reading {
 public:
  explicit Reading(const Texts& mails) {
    for (const auto& [file, text] : mails) {
      if (!file.ends_with(kTemplateEnd)) continue;
      const std::string name = file.substr(0, file.size() - kTemplateEnd.size());
      if (name.ends_with(".txt") && name[0] != '_') {
        SplitSubject(name, text);
      } else {
        texts[name] = text;
      }
    }
    for (const auto& [name, text] : texts) CheckPair(name);
  }

  // Where a problem of our own names stands in the file that its author knows.
  TemplateProblem Placed(TemplateProblem problem) const {
    const std::string name = problem.file.substr(0, problem.file.size() - kTemplateEnd.size());
    const auto gone = lines_gone_.find(name);
    if (gone != lines_gone_.end()) problem.line += gone->second;
    if (name.ends_with(".subject")) {
      problem.file = name.substr(0, name.rfind('.')) + ".txt.mustache";
    }
    return problem;
  }

  Texts texts;
  std::vector<TemplateProblem> problems;

 private:
  void SplitSubject(const std::string& name, const std::string& text) {
    const std::string id = name.substr(0, name.size() - 4);
    const std::string_view first = std::string_view(text).substr(0, text.find('\n'));
    const auto head = std::find_if(std::begin(kSubjectHeads), std::end(kSubjectHeads),
                                   [&](std::string_view one) { return first.starts_with(one); });
    if (head == std::end(kSubjectHeads)) {
      problems.push_back(
          {name + std::string(kTemplateEnd), 1, "attendu une première ligne « Objet : … »"});
      texts[name] = text;
      return;
    }
    texts[id + ".subject"] = first.substr(head->size());
    std::size_t from = std::min(text.size(), first.size() + 1);
    int gone = 1;
    for (; from < text.size() && text[from] == '\n'; ++from) ++gone;
    texts[name] = text.substr(from);
    lines_gone_[name] = gone;
  }

  void CheckPair(const std::string& name) {
    if (name[0] == '_' || name.ends_with(".subject")) return;
    const std::size_t dot = name.rfind('.');
    const std::string end = dot == std::string::npos ? "" : name.substr(dot);
    if (end != ".txt" && end != ".html") {
      problems.push_back({name + std::string(kTemplateEnd), 0, "attendu NOM.txt ou NOM.html"});
    } else if (texts.count(name.substr(0, dot) + (end == ".txt" ? ".html" : ".txt")) == 0) {
      problems.push_back(
          {name + std::string(kTemplateEnd), 0,
           end == ".txt" ? "il manque le même en .html" : "il manque le même en .txt"});
    }
  }

  std::map<std::string, int> lines_gone_;
};

bool MayStandInSubject(const std::string& used) {
  const std::string name = used.starts_with("has_") ? used.substr(4) : used;
  return std::any_of(std::begin(kMailVariables), std::end(kMailVariables),
                     [&](const MailVariable& one) { return one.in_subject && name == one.name; });
}

void CheckNames(const Reading& reading, const TemplateSet& set,
                std::vector<TemplateProblem>& problems) {
  static const std::set<std::string> kKnown = KnownNames();
  for (const std::string& name : set.Names()) {
    const bool subject = name.ends_with(".subject");
    for (const std::string& path : set.Get(name).Names()) {
      const std::string used = path.substr(path.rfind('/') + 1);
      const bool known = subject ? MayStandInSubject(used) : kKnown.contains(used);
      if (known) continue;
      const std::string& text = reading.texts.at(name);
      const std::size_t at = text.find(used);
      problems.push_back(reading.Placed({name + std::string(kTemplateEnd),
                                         at == std::string::npos ? 0 : LineAt(text, at),
                                         "{{" + used + "}} n’est pas une variable " +
                                             (subject ? "des objets" : "des messages")}));
    }
  }
}

std::vector<TemplateProblem> CheckReading(const Reading& reading) {
  std::vector<TemplateProblem> problems = reading.problems;
  for (TemplateProblem& problem : TemplateSet::Check(reading.texts, kFramed)) {
    problems.push_back(reading.Placed(std::move(problem)));
  }
  if (!problems.empty()) return problems;
  const auto set = TemplateSet::LoadTexts(reading.texts, kFramed);
  if (!set) return {{"", 0, set.refusal().sentence}};
  CheckNames(reading, set.value(), problems);
  return problems;
}

}  // namespace

std::vector<TemplateProblem> MailKit::Check(const Texts& mails) {
  return CheckReading(Reading(mails));
}

engine::Outcome<MailKit> MailKit::Load(const Texts& mails) {
  const Reading reading(mails);
  const auto problems = CheckReading(reading);
  if (!problems.empty()) return RefusalOf(problems);
  auto set = TemplateSet::LoadTexts(reading.texts, kFramed);
  if (!set) return set.refusal();
  auto bodies = TemplateSet::LoadTexts(reading.texts, {});
  if (!bodies) return bodies.refusal();
  MailKit kit;
  kit.set_ = std::move(set).value();
  kit.bodies_ = std::move(bodies).value();
  return kit;
}

std::string MailKit::Subject(const std::string& id, const View& view) const {
  return CleanLine(set_.Get(id + ".subject").Render(view), kSubjectMax);
}

std::string MailKit::Text(const std::string& id, const View& view) const {
  return set_.Get(id + ".txt").Render(view);
}

std::string MailKit::Body(const std::string& id, const View& view) const {
  return bodies_.Get(id + ".txt").Render(view);
}

std::string MailKit::Html(const std::string& id, const View& view) const {
  return set_.Get(id + ".html").Render(view);
}

std::vector<std::string> MailKit::Ids() const {
  std::vector<std::string> ids;
  for (const std::string& name : set_.Names()) {
    if (name.ends_with(".subject")) ids.push_back(name.substr(0, name.size() - 8));
  }
  return ids;
}

}  // namespace aiguillage::notifications
