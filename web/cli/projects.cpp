#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "storage/documents.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "storage/tasks.h"
#include "web/cli/command_line.h"
#include "web/cli/describe.h"
#include "workflows/past.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

int ListProjects(Invocation& invocation, storage::ProjectFilter filter) {
  filter.now = invocation.now;
  filter.limit = 1'000'000;
  const auto projects = invocation.Open().database().Read(
      [&](storage::Session& s) { return storage::ListProjects(s, filter); });
  json list = json::array();
  std::ostringstream words;
  for (const auto& project : projects) {
    list.push_back(DescribeProject(project));
    words << project.number << "  " << project.states << "  " << project.title << '\n';
  }
  invocation.Answer(list, words.str());
  return kDone;
}

// How many stand where, now or at a past instant (--at), from the journal.
int CountProjects(Invocation& invocation) {
  Workplace& workplace = invocation.Open();
  const auto counts = workplace.database().Read([&](storage::Session& s) {
    return workflows::PipelineAt(s, workplace.catalog(), invocation.now);
  });
  json list = json::array();
  std::ostringstream words;
  for (const auto& one : counts) {
    list.push_back({{"call", one.call},
                    {"collection", one.collection},
                    {"state", one.state},
                    {"projects", one.projects}});
    words << one.call << "  " << (one.collection.empty() ? "sans collection" : one.collection)
          << "  " << one.state << "  " << one.projects << '\n';
  }
  invocation.Answer(list, words.str());
  return kDone;
}

// The whole of a project for --json: what its page shows.
json Whole(Workplace& workplace, const storage::Project& project, std::int64_t person,
           std::int64_t now) {
  json whole = DescribeProject(project);
  workplace.database().Read([&](storage::Session& s) {
    whole["actions"] = json::array();
    for (const auto& action : workplace.desk().ActionsFor(s, project, person, now)) {
      whole["actions"].push_back(DescribeAction(action));
    }
    whole["tasks"] = DescribeAll(storage::TasksOf(s, project.id), DescribeTask);
    whole["documents"] = DescribeAll(storage::DocumentsOf(s, project.id), DescribeDocument);
    whole["mails"] = json::array();
    whole["ds"] = json::array();
    for (const auto& row : storage::OutboxOf(s, project.id)) {
      whole[row.kind == "mail" ? "mails" : "ds"].push_back(DescribeOutbox(row));
    }
    whole["journal"] = DescribeAll(storage::JournalOf(s, project.id), DescribeJournal);
  });
  return whole;
}

// The states of a project at a past instant, from the journal's clear columns: they outlive
// erasing.
int ShowAt(Invocation& invocation, const storage::Project& project) {
  const auto rows = invocation.Open().database().Read(
      [&](storage::Session& s) { return storage::JournalOf(s, project.id); });
  const storage::JournalRow* last = nullptr;
  for (const auto& row : rows) {
    if (row.at <= invocation.now) last = &row;
  }
  if (last == nullptr) {
    return invocation.Refuse(
        {"not_yet", "À cette date, le projet " + project.number + " n’existait pas encore.", {}});
  }
  const json document = {{"number", project.number}, {"states", SplitWords(last->states)},
                         {"version", last->seq},     {"definition", last->definition},
                         {"at", Instant(last->at)},  {"erased", last->erased}};
  invocation.Answer(document, project.number + "  " + last->states);
  return kDone;
}

int ShowProject(Invocation& invocation, const std::string& number, const std::string& email) {
  Workplace& workplace = invocation.Open();
  const auto project = workplace.ProjectOf(number);
  if (!invocation.at.empty()) return ShowAt(invocation, project);
  const std::int64_t person = email.empty() ? 0 : workplace.PersonOf(email).id;
  const json whole = Whole(workplace, project, person, invocation.now);
  std::ostringstream words;
  words << project.number << "  " << project.title << "\nétats : " << project.states << '\n';
  for (const auto& action : whole["actions"]) {
    words << (action["locked"].get<bool>() ? "  (verrou) " : "  ")
          << action["id"].get<std::string>() << "  " << action["label"].get<std::string>() << "  "
          << action["reason"].get<std::string>() << '\n';
  }
  invocation.Answer(whole, words.str());
  return kDone;
}

struct ActOptions {
  std::string number, action, as, data, key;
  std::int64_t expected_version = -1;
  bool dry_run = false;
};

// The answers: a file, standard input for "-", nothing for "". Depth-limited like all JSON from
// outside.
json ReadAnswers(const std::string& source) {
  if (source.empty()) return json::object();
  std::string text;
  if (source == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream in(source, std::ios::binary);
    if (!in) throw Refused({"unreadable", "Fichier illisible : " + source + ".", {}});
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  return ParseBounded(text, source);
}

// As the desk tells it, with instants as everywhere on the command line.
json DescribeAnswer(const workflows::ActAnswer& answer) {
  json document = workflows::ToJson(answer);
  for (auto& deadline : document["deadlines"]) {
    deadline["due"] = Instant(deadline["due"].get<std::int64_t>());
  }
  return document;
}

// For people: the states, then what is sent and asked.
std::string AnswerInWords(const workflows::ActAnswer& answer) {
  std::string words;
  for (const auto& state : answer.states) words += state + " ";
  for (const auto& task : answer.tasks) words += "\n  tâche : " + task;
  for (const auto& mail : answer.mails) {
    words += "\n  courriel : " + mail.template_id + " à " +
             (mail.address.empty() ? "personne (" + mail.to + ")" : mail.address);
  }
  for (const auto& effect : answer.ds) words += "\n  Démarches Simplifiées : " + effect;
  for (const auto& deadline : answer.deadlines) {
    words += "\n  échéance : " + deadline.event + ", " + workflows::IsoInstant(deadline.due_at);
  }
  return words;
}

int ActOnProject(Invocation& invocation, const ActOptions& options) {
  Workplace& workplace = invocation.Open();
  workflows::ActRequest request;
  request.project = options.number;
  request.action = options.action;
  request.actor.person = workplace.PersonOf(options.as).id;
  request.data = ReadAnswers(options.data);
  if (options.expected_version >= 0) request.expected_version = options.expected_version;
  request.key = options.key;
  request.now = invocation.now;
  request.dry_run = options.dry_run;
  const auto outcome = workplace.desk().Act(request);
  if (!outcome) return invocation.Refuse(outcome.refusal());
  const auto& answer = outcome.value();
  invocation.Answer(DescribeAnswer(answer),
                    (options.dry_run ? "À blanc : " : "Fait : ") + AnswerInWords(answer));
  return kDone;
}

void AddActVerb(CLI::App& family, Invocation& invocation) {
  auto options = std::make_shared<ActOptions>();
  auto* act = family.add_subcommand("act", "agit sur un projet au nom d’une personne");
  act->fallthrough();
  act->add_option("number", options->number, "numéro du projet, AIG-2026-0042")->required();
  act->add_option("action", options->action, "action, par exemple framing.validate")->required();
  act->add_option("--as", options->as, "adresse de la personne qui agit")->required();
  act->add_option("--data", options->data, "réponses au formulaire : fichier JSON, ou - ");
  act->add_option("--expect-version", options->expected_version, "refuse si le projet a bougé");
  act->add_option("--key", options->key, "clé : le même envoi deux fois n’agit qu’une fois");
  act->add_flag("--dry-run", options->dry_run, "dit ce qui se passerait, n’écrit rien");
  act->callback([&invocation, options] {
    invocation.verb = [&invocation, options] { return ActOnProject(invocation, *options); };
  });
}

}  // namespace

void AddProjectVerbs(CLI::App& app, Invocation& invocation) {
  auto* family = app.add_subcommand("project", "les projets");
  family->require_subcommand(1)->fallthrough();

  auto filter = std::make_shared<storage::ProjectFilter>();
  auto* list = family->add_subcommand("list", "les projets, filtrés");
  list->fallthrough();
  list->add_option("--state", filter->state, "étape");
  list->add_option("--collection", filter->collection, "collection");
  list->add_option("--call", filter->call, "appel");
  list->add_option("--q", filter->text, "mots cherchés");
  list->callback([&invocation, filter] {
    invocation.verb = [&invocation, filter] { return ListProjects(invocation, *filter); };
  });

  auto number = std::make_shared<std::string>();
  auto as = std::make_shared<std::string>();
  auto* count =
      family->add_subcommand("count", "combien de projets par étape, ou à une date (--at)");
  count->fallthrough();
  count->callback(
      [&invocation] { invocation.verb = [&invocation] { return CountProjects(invocation); }; });

  auto* show = family->add_subcommand("show", "un projet entier, ou ses états à une date (--at)");
  show->fallthrough();
  show->add_option("number", *number, "numéro du projet")->required();
  show->add_option("--as", *as, "adresse : ses actions à elle");
  show->callback([&invocation, number, as] {
    invocation.verb = [&invocation, number, as] { return ShowProject(invocation, *number, *as); };
  });

  AddActVerb(*family, invocation);
}

}  // namespace aiguillage::web
