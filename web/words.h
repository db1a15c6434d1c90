// French for what the record says in ids and instants.
//
//   DueWords(due, now)                  « en retard de 2 jours », « aujourd’hui », « dans 3 jours »
//   SinceWords(since, now)              « depuis 4 jours ouvrés »
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/people.h"
#include "workflows/roles.h"

namespace aiguillage::web {

using workflows::RoleLabel;
using workflows::RoleLabels;

// Somebody known only by their address is called by it.
const std::string& NameOf(const storage::Person& person);

std::string SinceWords(std::int64_t since, std::int64_t now);
std::string DueWords(std::int64_t due, std::int64_t now);  // "" without deadline
// "late", "soon" (3 days or less) or "": the tone beside the words.
std::string DueTone(std::int64_t due, std::int64_t now);
std::string FirstName(const storage::Person& person);  // « Claire », or the address
std::string Grouped(std::int64_t count);               // « 3 620 »
// « 3 620 envois », « 1 envoi »
std::string Plural(std::int64_t count, const std::string& one, const std::string& many);
std::string FirstUpper(const std::string& text);
std::string FrenchIsoDate(const std::string& iso);  // "2027-05-12" -> « 12 mai 2027 »
std::string FrenchMonth(std::int64_t day);          // of that day since 1970: « mai 2027 »
std::string SizeWords(std::int64_t bytes);          // « 1,2 Mo »

// « collection Numérique et SIC », « appel … », « projet AIG-… », "" for everywhere.
struct Visit;
std::string ScopeLabel(Visit& visit, const std::string& scope);

struct StatusWords {
  std::string label, tone;  // tone: done, soon, late, quiet
};
StatusWords MailStatus(const std::string& status);
StatusWords CallStatus(const std::string& status);
std::string DsEffectLabel(const std::string& effect);

}  // namespace aiguillage::web
