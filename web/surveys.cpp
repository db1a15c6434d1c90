#include "web/surveys.h"

#include <algorithm>

#include "web/text.h"

namespace aiguillage::web {

namespace {

bool IsSecretive(const forms::Field& field) {
  return field.kind == forms::Kind::kHeading || field.kind == forms::Kind::kRows ||
         field.widget == "file" || field.widget == "people";
}

// Answers as the options write theirs: 4 -> "4", true -> "true".
std::string ValueOf(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool IsGiven(const nlohmann::json& value) {
  return !value.is_null() && value != "" && !(value.is_array() && value.empty());
}

const nlohmann::json* Inside(const nlohmann::json& answers, const std::vector<std::string>& path) {
  const nlohmann::json* at = &answers;
  for (const auto& name : path) {
    if (!at->is_object() || !at->contains(name)) return nullptr;
    at = &at->at(name);
  }
  return at;
}

struct Given {
  std::vector<nlohmann::json> told;
  std::int64_t waiting = 0;  // given since, too few to be told
};

// Not everybody answers every question: a group's answers to this one wait until they are enough.
Given GivenTo(const std::vector<std::string>& path,
              const std::vector<storage::SurveyAnswer>& answers) {
  Given given;
  std::vector<nlohmann::json> waiting;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto* value = Inside(answers[i].answers, path);
    if (value != nullptr && IsGiven(*value)) waiting.push_back(*value);
    const bool group_ends = i + 1 == answers.size() || answers[i + 1].part != answers[i].part;
    if (!group_ends || static_cast<std::int64_t>(waiting.size()) < kAnswersToShow) continue;
    given.told.insert(given.told.end(), waiting.begin(), waiting.end());
    waiting.clear();
  }
  given.waiting = static_cast<std::int64_t>(waiting.size());
  return given;
}

void CountOptions(const forms::Field& field, const std::vector<nlohmann::json>& given,
                  QuestionResult& result) {
  std::vector<forms::Option> options = field.options;
  if (options.empty()) options = {{"true", "Oui"}, {"false", "Non"}};
  for (const auto& option : options) {
    std::int64_t count = 0;
    for (const auto& value : given) {
      if (!value.is_array()) {
        count += ValueOf(value) == option.value ? 1 : 0;
      } else {
        count += std::any_of(value.begin(), value.end(),
                             [&](const auto& one) { return ValueOf(one) == option.value; });
      }
    }
    result.options.push_back({option.label, count});
  }
}

void TakeMean(const forms::Field& field, const std::vector<nlohmann::json>& given,
              QuestionResult& result) {
  double sum = 0;
  std::int64_t high = 0, count = 0;
  for (const auto& value : given) {
    if (!value.is_number()) continue;
    sum += value.get<double>();
    high += value >= 4 ? 1 : 0;
    ++count;
  }
  if (count == 0) return;
  result.mean = sum / static_cast<double>(count);
  if (field.minimum == 1.0 && field.maximum == 5.0) {
    result.share = "4 et 5 : " + std::to_string((high * 100 + count / 2) / count) + "\u00a0%";
  }
}

void AddQuestion(const forms::Field& field, std::vector<std::string> path,
                 const std::vector<storage::SurveyAnswer>& answers,
                 std::vector<QuestionResult>& results) {
  path.push_back(field.name);
  if (IsSecretive(field)) return;
  if (field.kind == forms::Kind::kGroup) {
    for (const auto& child : field.children) AddQuestion(child, path, answers, results);
    return;
  }
  const auto [given, waiting] = GivenTo(path, answers);
  QuestionResult result{field.title, static_cast<std::int64_t>(given.size()), 0, {}, {}, "", {}};
  if (given.empty()) {
    result.answered = waiting;
    result.missing = kAnswersToShow - waiting;
  }
  const bool number = field.kind == forms::Kind::kInteger || field.kind == forms::Kind::kNumber;
  if (result.missing == 0) {
    if (!field.options.empty() || field.kind == forms::Kind::kBoolean) {
      CountOptions(field, given, result);
    }
    if (number) TakeMean(field, given, result);
    if (result.options.empty() && !number) {
      for (const auto& value : given) result.texts.push_back(ValueOf(value));
      std::sort(result.texts.begin(), result.texts.end());
    }
  }
  results.push_back(std::move(result));
}

}  // namespace

std::vector<SurveyForm> SurveyForms(const workflows::Definition& definition) {
  std::vector<SurveyForm> found;
  for (const auto& state : definition.chart.states) {
    const std::string& id = engine::Attribute(state, "survey");
    const auto* form = id.empty() ? nullptr : FormOf(definition, id);
    if (form != nullptr) found.push_back({id, form});
  }
  return found;
}

bool IsPublished(const storage::Project& project) { return !project.course_url.empty(); }

bool MayOpenSurveys(const Sight& sight) {
  return sight.Holds("program_admin") || sight.Holds("project_holder") || sight.Holds("co_holder");
}

std::vector<QuestionResult> ResultsOf(const forms::Form& form,
                                      const std::vector<storage::SurveyAnswer>& answers) {
  std::vector<QuestionResult> results;
  if (static_cast<std::int64_t>(answers.size()) < kAnswersToShow) return results;
  for (const auto& field : form.fields) AddQuestion(field, {}, answers, results);
  return results;
}

}  // namespace aiguillage::web
