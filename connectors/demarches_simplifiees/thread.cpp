#include "connectors/demarches_simplifiees/thread.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "connectors/demarches_simplifiees/client.h"
#include "connectors/demarches_simplifiees/hash.h"
#include "storage/dossiers.h"
#include "storage/json_text.h"

namespace aiguillage::connectors {
namespace {

using nlohmann::json;

constexpr std::string_view kThread[] = {"messages", "avis", "attestation", "motivationAttachment"};

// « <p>Bonjour,<br>…</p> » -> « Bonjour,\n… »: what is read of a notice, never its markup.
std::string PlainText(const std::string& html) {
  if (html.find('<') == html.npos) return html;
  std::string plain;
  for (std::size_t at = 0; at < html.size();) {
    const auto end = html[at] == '<' ? html.find('>', at) : html.npos;
    if (end == html.npos) {
      plain += html[at++];
      continue;
    }
    const std::string tag = html.substr(at + 1, 2);
    if (tag == "br" || tag == "/p" || tag == "/l") plain += '\n';
    at = end + 1;
  }
  return plain;
}

std::vector<std::string> TextsAt(const json& list, const char* member) {
  std::vector<std::string> texts;
  for (const json& one : list) texts.push_back(TextAt(one, member));
  return texts;
}

ThreadOpinion OpinionFrom(const json& avis) {
  ThreadOpinion opinion;
  opinion.claimant = TextAt(PartOf(avis, "claimant"), "email");
  opinion.expert = TextAt(PartOf(avis, "expert"), "email");
  opinion.question = TextAt(avis, "question");
  opinion.answer = TextAt(avis, "reponse");
  const json& said = PartOf(avis, "questionAnswer");
  if (said.is_boolean()) {
    opinion.question += (opinion.question.empty() ? "" : "\n") + TextAt(avis, "questionLabel");
    opinion.answer =
        (said.get<bool>() ? "Oui" : "Non") + (opinion.answer.empty() ? "" : "\n" + opinion.answer);
  }
  opinion.asked_at = TextAt(avis, "dateQuestion");
  if (!opinion.answer.empty()) opinion.answered_at = TextAt(avis, "dateReponse");
  return opinion;
}

void Scans(const json& node, Surroundings& around) {
  if (node.is_array()) {
    for (const json& one : node) Scans(one, around);
  } else if (node.is_object()) {
    if (node.contains("virusScanResult")) {
      around.scans.emplace_back(TextAt(node, "filename"), TextAt(node, "virusScanResult"));
    }
    for (const auto& [name, value] : node.items()) Scans(value, around);
  }
}

// What is said around the dossier, or all the rest; "" when there is none of it.
std::string PartsText(const json& dossier, bool around) {
  std::string text;
  for (const auto& [name, value] : dossier.items()) {
    const bool said = std::find(std::begin(kThread), std::end(kThread), name) != std::end(kThread);
    if (said != around) continue;
    text += (text.empty() ? '{' : ',') + storage::JsonText(name) + ':';
    text += TextWithoutAddresses(value);
  }
  return text.empty() ? text : text + '}';
}

std::vector<ThreadMessage> MessagesIn(const json& thread) {
  std::vector<ThreadMessage> messages;
  for (const json& message : PartOf(thread, "messages")) {
    if (!TextAt(message, "discardedAt").empty()) continue;
    const json& correction = PartOf(message, "correction");
    messages.push_back({TextAt(message, "email"), TextAt(message, "createdAt"),
                        PlainText(TextAt(message, "body")), TextAt(correction, "reason"),
                        TextAt(correction, "dateResolution"),
                        TextsAt(PartOf(message, "attachments"), "filename")});
  }
  return messages;
}

void AddFile(const json& file, const char* field, std::vector<MappedFile>& files) {
  if (TextAt(file, "filename").empty()) return;
  files.push_back(FileFrom(file, field));
}

}  // namespace

std::string ThreadText(const json& dossier) { return PartsText(dossier, true); }

std::string TextWithoutThread(const json& dossier) { return PartsText(dossier, false); }

std::vector<MappedFile> ThreadFiles(const json& dossier) {
  std::vector<MappedFile> files;
  AddFile(PartOf(dossier, "attestation"), "attestation", files);
  for (const json& message : PartOf(dossier, "messages")) {
    for (const json& file : PartOf(message, "attachments")) AddFile(file, "message", files);
  }
  return files;
}

std::vector<ThreadMessage> MessagesAround(storage::Session& session, std::int64_t dossier) {
  const std::string kept = storage::FindThread(session, dossier);
  return kept.empty() ? std::vector<ThreadMessage>() : MessagesIn(ParseOutside(kept));
}

Surroundings SurroundingsOf(storage::Session& session, std::int64_t number) {
  Surroundings around;
  const auto kept = storage::FindDossier(session, number);
  if (!kept) return around;
  const json dossier = ParseOutside(kept->raw);
  const json thread = ParseOutside(storage::FindThread(session, number));
  around.messages = MessagesIn(thread);
  for (const json& avis : PartOf(thread, "avis")) around.opinions.push_back(OpinionFrom(avis));
  around.labels = TextsAt(PartOf(dossier, "labels"), "name");
  around.followers = TextsAt(PartOf(dossier, "instructeurs"), "email");
  around.group = TextAt(PartOf(dossier, "groupeInstructeur"), "label");
  const json& person = PartOf(dossier, "demandeur");
  if (PartOf(dossier, "deposeParUnTiers") == json(true)) {
    around.filer = TextAt(dossier, "prenomMandataire") + " " + TextAt(dossier, "nomMandataire");
    around.filed_for = TextAt(person, "prenom") + " " + TextAt(person, "nom");
  }
  around.siret = TextAt(person, "siret");
  around.company = TextAt(PartOf(person, "entreprise"), "raisonSociale");
  around.attestation = TextAt(PartOf(thread, "attestation"), "filename");
  Scans(dossier, around);
  Scans(thread, around);
  return around;
}

}  // namespace aiguillage::connectors
