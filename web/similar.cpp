#include "web/similar.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/text_words.h"
#include "web/rails.h"

namespace aiguillage::web {

namespace {

constexpr int kCandidates = 40;
constexpr std::size_t kSimilarShown = 5;

// Words that half the titles have, as TextWords cuts them.
const std::set<std::string>& Common() {
  static const std::set<std::string> words = {
      "agent",      "agents",     "apprendre", "atelier", "avec",     "chez",   "cours",
      "dans",       "decouvrir",  "elle",      "entre",   "etat",     "etre",   "faire",
      "formation",  "formations", "leur",      "leurs",   "mieux",    "module", "mooc",
      "notre",      "nous",       "parcours",  "pour",    "pourquoi", "projet", "public",
      "publics",    "publique",   "publiques", "quand",   "sans",     "savoir", "service",
      "services",   "sous",       "tous",      "tout",    "toutes",   "vers",   "votre",
      "comprendre", "usages"};
  return words;
}

// Significant words as compared -> as written first.
std::map<std::string, std::string> Significant(const std::string& text) {
  std::map<std::string, std::string> words;
  std::string piece;
  for (const char c : text + " ") {
    if (c != ' ' && c != '\'' && c != ',' && c != ';' && c != ':' && c != '.' && c != '(') {
      piece += c;
      continue;
    }
    const auto cut = storage::TextWords(piece);
    for (const std::string& word : cut) {
      if (word.size() < 4 || Common().contains(word)) continue;
      const bool alone = cut.size() == 1 && piece.size() <= word.size() + 4;  // accents, no quotes
      words.emplace(word, alone ? piece : word);
    }
    piece.clear();
  }
  return words;
}

std::string Folded(const std::string& text) {
  std::string folded;
  for (const std::string& word : storage::TextWords(text)) {
    folded += (folded.empty() ? "" : " ") + word;
  }
  return folded;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "« " : ", « ") + word + " »";
  return text;
}

Topic TopicOf(storage::Session& session, const storage::Project& project) {
  Topic topic{project.title, {}};
  const auto document = storage::LatestDocument(session, project.id, "application");
  if (!document || !document->answers.is_object()) return topic;
  const auto add = [&](const nlohmann::json& value) {
    if (value.is_string()) topic.skills.push_back(value.get<std::string>());
  };
  const auto skills = document->answers.find("skills");
  if (skills != document->answers.end() && skills->is_array()) {
    for (const auto& skill : *skills) add(skill);
  }
  const auto domain = document->answers.find("domain");
  if (domain != document->answers.end()) add(*domain);
  return topic;
}

bool Arriving(const storage::Project& project) {
  return project.state == "admissibility_check" || project.state == "lead_review";
}

}  // namespace

std::string Resemblance(const Topic& one, const Topic& other) {
  const auto a = Significant(one.title), b = Significant(other.title);
  std::vector<std::string> words, skills;
  for (const auto& [word, written] : a) {
    if (b.contains(word)) words.push_back(written);
  }
  std::set<std::string> theirs;
  for (const auto& skill : other.skills) theirs.insert(Folded(skill));
  for (const auto& skill : one.skills) {
    if (theirs.erase(Folded(skill)) > 0) skills.push_back(skill);
  }
  const std::size_t least = std::min(a.size(), b.size());
  const bool titles =
      !words.empty() && words.size() * 5 >= least * 3 && (words.size() > 1 || least == 1);
  if (!titles && skills.size() + (words.empty() ? 0 : 1) < 2) return "";
  std::string why;
  if (!words.empty()) why = "Dans les deux titres : " + Joined(words) + ".";
  if (!skills.empty()) {
    why += (why.empty() ? "" : " ") + std::string("Mêmes compétences : ") + Joined(skills) + ".";
  }
  return why;
}

void AddSimilar(View& view, Visit& visit, storage::Session& session, const Sight& sight) {
  view.SetList("similar").Set("has_similar", false);
  const storage::Project& project = *visit.project;
  if (!visit.visitor->IsStaff() || !sight.inside || !Arriving(project)) return;
  const Topic topic = TopicOf(session, project);
  std::vector<std::string> phrases = topic.skills;
  for (const auto& [word, written] : Significant(topic.title)) phrases.push_back(word);
  std::size_t shown = 0;
  for (const auto& other : storage::NearestProjects(session, phrases, project.id, kCandidates)) {
    const std::string why = Resemblance(topic, TopicOf(session, other));
    if (why.empty()) continue;
    if (shown++ == kSimilarShown) break;
    const auto definition = visit.services.catalog.Pinned(session, other.definition);
    view.Set("has_similar", true)
        .AddRow("similar")
        .Set("s_href", "/projets/" + other.number)
        .Set("s_title", other.title)
        .Set("s_number", other.number)
        .Set("s_state", Rails(definition->chart).Labels(other.states, true))
        .Set("s_published", !other.course_url.empty())
        .Set("s_why", why);
  }
}

}  // namespace aiguillage::web
