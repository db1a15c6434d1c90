#include "storage/surveys.h"

#include "storage/session.h"

namespace aiguillage::storage {
namespace {

const std::string kSurvey =
    "select id, project, form, definition, token_hash, opened_at, opened_by, closes_on, closed_at,"
    " closed_by from survey where ";

Query& Out(Query& query, Survey& s) {
  return query.Out(s.id)
      .Out(s.project)
      .Out(s.form)
      .Out(s.definition)
      .Out(s.token_hash)
      .Out(s.opened_at)
      .Out(s.opened_by)
      .Out(s.closes_on)
      .Out(s.closed_at)
      .Out(s.closed_by);
}

// 60 bits of the digest: room enough that two sendings do not meet.
std::int64_t AnswerId(const std::string& once) {
  return std::stoll(once.substr(0, 15), nullptr, 16);
}

}  // namespace

std::int64_t OpenSurvey(Session& session, const Survey& s) {
  std::int64_t id = 0;
  Query query(session,
              "insert into survey (project, form, definition, token_hash, opened_at, opened_by,"
              " closes_on, closed_at, closed_by) values (:project, :form, :definition, :token,"
              " :opened_at, :opened_by, :closes_on, :closed_at, :closed_by) returning id");
  query.In("project", s.project).In("form", s.form).In("definition", s.definition);
  query.In("token", s.token_hash).In("opened_at", s.opened_at).Ref("opened_by", s.opened_by);
  query.In("closes_on", s.closes_on).In("closed_at", s.closed_at).Ref("closed_by", s.closed_by);
  query.Out(id).One();
  return id;
}

void UpdateSurvey(Session& session, const Survey& s) {
  Query query(session,
              "update survey set token_hash = :token, closes_on = :closes_on,"
              " closed_at = :closed_at, closed_by = :closed_by where id = :id");
  query.In("token", s.token_hash).In("closes_on", s.closes_on).In("closed_at", s.closed_at);
  query.Ref("closed_by", s.closed_by).In("id", s.id).Run();
}

std::optional<Survey> FindSurvey(Session& session, std::int64_t id) {
  Survey survey;
  Query query(session, kSurvey + "id = :id");
  query.In("id", id);
  return Out(query, survey).One() ? std::optional(survey) : std::nullopt;
}

std::optional<Survey> FindSurveyByToken(Session& session, const std::string& token_hash) {
  Survey survey;
  Query query(session, kSurvey + "token_hash = :token");
  query.In("token", token_hash);
  return Out(query, survey).One() ? std::optional(survey) : std::nullopt;
}

std::vector<Survey> SurveysOf(Session& session, std::int64_t project) {
  Survey survey;
  Query query(session, kSurvey + "project = :project order by id desc");
  query.In("project", project);
  return Out(query, survey).All(survey);
}

void AddAnswer(Session& session, std::int64_t survey, const std::string& once,
               const std::string& day, const nlohmann::json& answers) {
  Query query(session,
              "insert into survey_answer (id, survey, day, answers)"
              " values (:id, :survey, :day, :answers) on conflict (id) do nothing");
  query.In("id", AnswerId(once)).In("survey", survey).In("day", day).In("answers", answers).Run();
  Query group(session,
              "update survey_answer set part ="
              " (select max(part) + 1 from survey_answer where survey = :survey)"
              " where survey = :own and part = 0 and (select count(*) from survey_answer"
              " where survey = :same and part = 0) >= :together");
  group.In("survey", survey).In("own", survey).In("same", survey);
  group.In("together", kAnswersTogether).Run();
}

std::int64_t CountAnswers(Session& session, std::int64_t survey) {
  std::int64_t count = 0;
  Query query(session, "select count(*) from survey_answer where survey = :survey");
  query.In("survey", survey).Out(count).One();
  return count;
}

std::vector<SurveyAnswer> AnswersOf(Session& session, std::int64_t survey) {
  SurveyAnswer answer;
  Query query(session,
              "select day, answers, part from survey_answer where survey = :survey and part > 0"
              " order by part, id");
  query.In("survey", survey).Out(answer.day).Out(answer.answers).Out(answer.part);
  return query.All(answer);
}

}  // namespace aiguillage::storage
