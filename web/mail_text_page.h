// The page of one message of a call: its words for the whole call or one collection, a preview on a
// real project, variables, versions.
//
//   const OwnTextScene scene = ReadOwnText(visit);            // ?collection=numerique&projet=AIG-…
//   return ShowOwnText(visit, scene, TypedOf(scene.source), {}, 200, {});
//
// Lines are told as they stand in the fields: « Texte, ligne 3 ».
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "notifications/own_text.h"
#include "storage/calls.h"
#include "storage/mail_texts.h"
#include "storage/outbox.h"
#include "storage/projects.h"
#include "web/response.h"
#include "web/visit.h"
#include "workflows/catalog.h"

namespace aiguillage::web {

// The call of the address and what its rails say; 404 without.
struct CallTexts {
  storage::Call call;
  std::shared_ptr<const workflows::Definition> definition;
  const notifications::MailFiles* rails = nullptr;
  std::vector<storage::Collection> collections;  // those of its rails
  std::vector<storage::MailTextHead> in_force;
  std::string address() const { return "/appels/" + call.id + "/courriels"; }
  std::string LabelOf(const std::string& collection) const;  // « tout l’appel », « Numérique »
};
CallTexts ReadCallTexts(Visit& visit, storage::Session& session);

struct OwnTextScene {
  CallTexts of;
  std::string message, collection;                 // collection: "" for the whole call
  std::vector<storage::MailTextVersion> versions;  // of this collection, newest first
  notifications::MailSource source;                // what applies here now
  std::string source_of;  // « celui des règles », « celui de tout l’appel »
  std::map<std::int64_t, std::string> names;  // who saved
  std::string asked_project, project_error;
  std::optional<storage::Project> project;  // that the preview is made with
  storage::OutboxRow sample;

  int version() const { return versions.empty() ? 0 : versions.front().version; }
  bool IsOwn() const { return !versions.empty() && !versions.front().removed; }
  std::string address() const;  // of this collection's page
};
OwnTextScene ReadOwnText(Visit& visit);

struct TypedText {
  std::string subject, text, html;
};
TypedText TypedOf(const notifications::MailSource& source);
notifications::MailSource SourceFrom(const TypedText& typed);
// The subject as a name of the message: « Votre projet est retenu ».
std::string TitleOf(const notifications::MailSource& source);

struct TextNotice {
  std::string words;
  bool trouble = false;
};
using Problems = std::vector<notifications::TemplateProblem>;
Response ShowOwnText(Visit& visit, const OwnTextScene& scene, const TypedText& typed,
                     const Problems& problems, int status, const TextNotice& told);
// As the mail would be on the scene's project, or the sentences that keep it from being. Reads by
// itself, so never inside a reading.
Response ShowLook(Visit& visit, const OwnTextScene& scene, const TypedText& typed,
                  const Problems& problems, bool as_text);

// pages/mail_texts.cpp
Response MailTextsPage(Visit& visit);  // the messages of a call
Response MailTextPage(Visit& visit);
Response MailTextLook(Visit& visit);    // of what applies (GET), of what is typed (POST)
Response ChangeMailText(Visit& visit);  // sends a trial or saves
Response RestoreMailText(Visit& visit);

}  // namespace aiguillage::web
