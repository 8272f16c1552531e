"""Small list files of our own making, each in the structure of the official one. The parties in them are invented."""

# ruff: noqa: E501

from __future__ import annotations

import json

CSL_JSON = json.dumps(
    {
        "results": [
            {
                "source": "Specially Designated Nationals (SDN) - Treasury Department",
                "name": "ZYLOV, Anton Petrovich",
                "alt_names": ["ZILOV, Anton"],
                "type": "Individual",
                "entity_number": "90001",
                "programs": ["INVENTED-EO1"],
                "nationalities": ["RU"],
                "dates_of_birth": ["1961-04-05"],
                "places_of_birth": ["Perm, Russia"],
                "ids": [
                    {"type": "Passport", "number": "X1234567", "country": "RU"},
                    {"type": "Tax ID No.", "number": "7707083893", "country": "RU"},
                    {"type": "Gender", "number": "Male", "country": None},
                ],
                "addresses": [{"address": "1 Lenin Street", "city": "Perm", "country": "RU"}],
                "remarks": "(Linked To: ZYLOV HOLDING)",
                "source_list_url": "https://example.org/sdn",
            },
            {
                "source": "Entity List (EL) - Bureau of Industry and Security",
                "name": "Example Optics Co., Ltd.",
                "alt_names": None,
                "addresses": [{"address": "No. 8 Example Road", "city": "Xi'an", "country": "CN"}],
                "license_requirement": "For all items subject to the EAR.",
                "license_policy": "Presumption of denial.",
                "federal_register_notice": "90 FR 1",
                "start_date": "2025-01-02",
                "end_date": None,
            },
            {
                "source": "Entity List (EL) - Bureau of Industry and Security",
                "name": "Example Optics Co., Ltd.",
                "addresses": [{"city": "Hong Kong", "country": "HK"}],
                "start_date": "2025-01-02",
            },
        ]
    }
)
CSL_CSV = (
    "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,"
    "license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,"
    "vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,"
    "source_information_url,ids\n"
    "90002,Specially Designated Nationals (SDN) - Treasury Department,90002,Vessel,DPRK9,HAE GUM 9,,,,,,,,,P6AB,,,,"
    "Democratic People's Republic of Korea,,(Linked To: HAE SHIPPING),,HAEGUM 9; SEA GOLD,,,,,,"
    '"IMO 9074729, Vessel Registration Identification"\n'
    'abc,Unverified List (UVL) - Bureau of Industry and Security,,,,Sample Trade FZE,,"Office 3, Dubai, AE; Sharjah, AE",'
    "88 FR 2,2023-05-06,,,,,,,,,,,,,,,,,,,\n"
)
SDN_CSV = (
    '90001,"ZYLOV, Anton Petrovich","individual","INVENTED-EO1] [SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"DOB 05 Apr 1961; alt. DOB circa 1962; POB Perm, Russia; nationality Russia; Gender Male; Passport X1234567 (Russia) '
    "expires 01 Jan 2030; Tax ID No. 7707083893 (Russia); a.k.a. 'TOSHA'; Linked To: ZYLOV HOLDING.\"\n"
    '90003,"ZYLOV HOLDING","-0- ","INVENTED-EO1",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n\x1a'
)
ALT_CSV = '90001,1,"aka","ZILOV, Anton",-0- \n90003,2,"fka","ZYLOV TRADING",-0- \n\x1a'
ADD_CSV = '90001,1,"1 Lenin Street","Perm","Russia",-0- \n90003,2,-0- ,-0- ,"Cyprus",-0- \n'
SDN_XML = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
  <publshInformation><Publish_Date>06/22/2026</Publish_Date><Record_Count>2</Record_Count></publshInformation>
  <sdnEntry>
    <uid>90001</uid><firstName>Anton Petrovich</firstName><lastName>ZYLOV</lastName><sdnType>Individual</sdnType>
    <remarks>(Linked To: ZYLOV HOLDING)</remarks>
    <programList><program>INVENTED-EO1</program></programList>
    <akaList><aka><uid>1</uid><type>a.k.a.</type><category>weak</category><lastName>TOSHA</lastName></aka>
      <aka><uid>2</uid><type>f.k.a.</type><category>strong</category><firstName>A.</firstName><lastName>ZILOV</lastName></aka></akaList>
    <addressList><address><uid>1</uid><address1>1 Lenin Street</address1><city>Perm</city><country>Russia</country></address></addressList>
    <nationalityList><nationality><uid>1</uid><country>Russia</country><mainEntry>true</mainEntry></nationality></nationalityList>
    <dateOfBirthList><dateOfBirthItem><uid>1</uid><dateOfBirth>circa 1961</dateOfBirth></dateOfBirthItem></dateOfBirthList>
    <idList><id><uid>1</uid><idType>Passport</idType><idNumber>X1234567</idNumber><idCountry>Russia</idCountry></id></idList>
  </sdnEntry>
  <sdnEntry><uid>90002</uid><lastName>HAE GUM 9</lastName><sdnType>Vessel</sdnType>
    <idList><id><uid>2</uid><idType>Vessel Registration Identification</idType><idNumber>IMO 9074728</idNumber></id></idList>
    <vesselInfo><callSign>P6AB</callSign><vesselFlag>Korea, North</vesselFlag></vesselInfo>
  </sdnEntry>
</sdnList>
"""
ENHANCED_XML = """<?xml version="1.0" encoding="utf-8"?>
<sanctionsData xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML">
  <publicationInfo><dataAsOf>2026-01-10T00:00:00</dataAsOf><filters><sanctionsLists>
    <sanctionsList refId="91512">Consolidated List</sanctionsList></sanctionsLists></filters></publicationInfo>
  <entities>
    <entity id="90003">
      <generalInfo><identityId>3</identityId><entityType refId="601">Entity</entityType></generalInfo>
      <sanctionsLists>
        <sanctionsList refId="91507" id="1" datePublished="2015-07-30">Sectoral Sanctions Identifications List</sanctionsList>
        <sanctionsList refId="1550" id="2" datePublished="2022-04-06">SDN List</sanctionsList>
      </sanctionsLists>
      <sanctionsPrograms><sanctionsProgram refId="1" id="1">INVENTED-EO1</sanctionsProgram></sanctionsPrograms>
      <sanctionsTypes><sanctionsType refId="1" id="1">Sectoral Directive 1</sanctionsType></sanctionsTypes>
      <names>
        <name id="1"><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations>
          <translation id="1"><isPrimary>true</isPrimary><script refId="20122">Latin</script>
            <formattedLastName>ZYLOV HOLDING</formattedLastName><formattedFullName>ZYLOV HOLDING</formattedFullName></translation>
          <translation id="2"><isPrimary>false</isPrimary><script refId="20121">Cyrillic</script>
            <formattedLastName>ЗЫЛОВ ХОЛДИНГ</formattedLastName><formattedFullName>ЗЫЛОВ ХОЛДИНГ</formattedFullName></translation>
        </translations></name>
        <name id="2"><isPrimary>false</isPrimary><aliasType refId="1401">F.K.A.</aliasType><isLowQuality>true</isLowQuality>
          <translations><translation id="3"><isPrimary>true</isPrimary><script refId="20122">Latin</script>
            <formattedFullName>ZYLOV TRADING</formattedFullName></translation></translations></name>
      </names>
      <addresses><address id="1"><country refId="1">Cyprus</country><translations><translation id="1">
        <addressParts><addressPart id="1"><type refId="1">CITY</type><value>Limassol</value></addressPart></addressParts>
        </translation></translations></address></addresses>
      <identityDocuments><identityDocument id="1"><type refId="1">Legal Entity Number</type>
        <documentNumber>5493001KJTIIGC8Y1R12</documentNumber></identityDocument></identityDocuments>
      <relationships><relationship id="1"><type refId="1">Owned or Controlled By</type>
        <relatedEntity entityId="90001">ZYLOV, Anton Petrovich</relatedEntity></relationship></relationships>
    </entity>
  </entities>
</sanctionsData>
"""
ADVANCED_XML = """<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML" Version="3">
  <DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>5</Month><Day>21</Day></DateOfIssue>
  <ReferenceValueSets>
    <AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType>
      <AliasType ID="1403">Name</AliasType></AliasTypeValues>
    <CountryValues><Country ID="11163" ISO2="RU">Russia</Country></CountryValues>
    <FeatureTypeValues><FeatureType ID="8" FeatureTypeGroupID="1">Birthdate</FeatureType>
      <FeatureType ID="10" FeatureTypeGroupID="1">Nationality Country</FeatureType>
      <FeatureType ID="25" FeatureTypeGroupID="1">Location</FeatureType>
      <FeatureType ID="224" FeatureTypeGroupID="1">Gender</FeatureType>
      <FeatureType ID="345" FeatureTypeGroupID="1">Digital Currency Address - ETH</FeatureType></FeatureTypeValues>
    <DetailReferenceValues><DetailReference ID="91526">Male</DetailReference></DetailReferenceValues>
    <IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType></IDRegDocTypeValues>
    <ListValues><List ID="1550">SDN List</List></ListValues>
    <NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType>
      </NamePartTypeValues>
    <PartySubTypeValues><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
    <PartyTypeValues><PartyType ID="1">Individual</PartyType></PartyTypeValues>
    <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="1705">Block</SanctionsType>
      </SanctionsTypeValues>
    <ScriptValues><Script ID="215" ScriptCode="Latn">Latin</Script><Script ID="220" ScriptCode="Cyrl">Cyrillic</Script>
      </ScriptValues>
    <LegalBasisValues><LegalBasis ID="1701">Invented Order 1</LegalBasis></LegalBasisValues>
  </ReferenceValueSets>
  <Locations><Location ID="25"><LocationCountry CountryID="11163" CountryRelevanceID="1"/>
    <LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true"><Value>Perm</Value></LocationPartValue></LocationPart>
    </Location><Location ID="26"><LocationCountry CountryID="11163"/></Location></Locations>
  <IDRegDocuments><IDRegDocument ID="1" IDRegDocTypeID="1571" IdentityID="7" IssuedBy-CountryID="11163">
    <IDRegistrationNo>X1234567</IDRegistrationNo></IDRegDocument></IDRegDocuments>
  <DistinctParties><DistinctParty FixedRef="90001"><Comment>invented</Comment>
    <Profile ID="90001" PartySubTypeID="4"><Identity ID="7" FixedRef="90001" Primary="true" False="false">
      <Alias FixedRef="90001" AliasTypeID="1403" Primary="true" LowQuality="false">
        <DocumentedName ID="1" FixedRef="90001" DocNameStatusID="1">
          <DocumentedNamePart><NamePartValue NamePartGroupID="61" ScriptID="215">ZYLOV</NamePartValue></DocumentedNamePart>
          <DocumentedNamePart><NamePartValue NamePartGroupID="62" ScriptID="215">Anton</NamePartValue></DocumentedNamePart>
        </DocumentedName>
        <DocumentedName ID="2" FixedRef="90001" DocNameStatusID="2">
          <DocumentedNamePart><NamePartValue NamePartGroupID="61" ScriptID="220">ЗЫЛОВ</NamePartValue></DocumentedNamePart>
          <DocumentedNamePart><NamePartValue NamePartGroupID="62" ScriptID="220">Антон</NamePartValue></DocumentedNamePart>
        </DocumentedName></Alias>
      <Alias FixedRef="90001" AliasTypeID="1400" Primary="false" LowQuality="true">
        <DocumentedName ID="3" FixedRef="90001" DocNameStatusID="2">
          <DocumentedNamePart><NamePartValue NamePartGroupID="61" ScriptID="215">TOSHA</NamePartValue></DocumentedNamePart>
        </DocumentedName></Alias>
      <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="61" NamePartTypeID="1520"/></MasterNamePartGroup>
        <MasterNamePartGroup><NamePartGroup ID="62" NamePartTypeID="1521"/></MasterNamePartGroup></NamePartGroups></Identity>
      <Feature ID="1" FeatureTypeID="8"><FeatureVersion ID="1" ReliabilityID="1"><DatePeriod CalendarTypeID="1">
        <Start Approximate="false"><From><Year>1961</Year><Month>1</Month><Day>1</Day></From></Start>
        <End Approximate="false"><To><Year>1961</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod></FeatureVersion></Feature>
      <Feature ID="2" FeatureTypeID="10"><FeatureVersion ID="2"><VersionLocation LocationID="26"/></FeatureVersion></Feature>
      <Feature ID="3" FeatureTypeID="25"><FeatureVersion ID="3"><VersionLocation LocationID="25"/></FeatureVersion></Feature>
      <Feature ID="4" FeatureTypeID="224"><FeatureVersion ID="4"><VersionDetail DetailReferenceID="91526"/></FeatureVersion></Feature>
      <Feature ID="5" FeatureTypeID="345"><FeatureVersion ID="5"><VersionDetail>0xabc123</VersionDetail></FeatureVersion></Feature>
    </Profile></DistinctParty></DistinctParties>
  <SanctionsEntries><SanctionsEntry ID="5" ProfileID="90001" ListID="1550">
    <EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="1701"><Date CalendarTypeID="1"><Year>2020</Year><Month>3</Month>
      <Day>4</Day></Date></EntryEvent>
    <SanctionsMeasure ID="1" SanctionsTypeID="1"><Comment>INVENTED-EO1</Comment></SanctionsMeasure>
    <SanctionsMeasure ID="2" SanctionsTypeID="1705"><Comment/></SanctionsMeasure></SanctionsEntry></SanctionsEntries>
</Sanctions>
"""
DPL_TXT = (
    '"Name"\t"Street_Address"\t"City"\t"State"\t"Country"\t"Postal_Code"\t"Effective_Date"\t"Expiration_Date"\t"Standard_Order"\t'
    '"Last_Update"\t"Action"\t"FR_Citation"\n'
    '"JANE SAMPLE"\t"1 TEST AVENUE"\t"RENO"\t"NV"\t""\t"89501"\t"06/19/2023"\t"06/29/2033"\t"Y"\t"2023-07-01"\t"ADDED"\t"88 F.R. 1"\n'
    '"JANE SAMPLE"\t"2 TEST AVENUE"\t"RENO"\t"NV"\t""\t"89501"\t"06/19/2024"\t"06/29/2034"\t"N"\t"2024-07-01"\t"ADDED"\t"89 F.R. 1"\n'
)
UN_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" dateGenerated="2026-02-27T00:00:09.554Z">
  <INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>FIRST</FIRST_NAME>
    <SECOND_NAME>SECOND</SECOND_NAME><THIRD_NAME>THIRD</THIRD_NAME><FOURTH_NAME>FOURTH</FOURTH_NAME>
    <UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
    <GENDER>Female</GENDER><NAME_ORIGINAL_SCRIPT>أولى</NAME_ORIGINAL_SCRIPT><COMMENTS1>A comment.</COMMENTS1>
    <NATIONALITY><VALUE>Democratic Republic of the Congo</VALUE></NATIONALITY>
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>FIRSTA</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Lydia</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ADDRESS><CITY>Goma</CITY><COUNTRY>Rwanda</COUNTRY></INDIVIDUAL_ADDRESS>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1973</FROM_YEAR><TO_YEAR>1975</TO_YEAR>
      </INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1980</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>OB 1</NUMBER>
      <ISSUING_COUNTRY>Rwanda</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS>
  <ENTITIES><ENTITY><DATAID>2</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>AN ENTITY</FIRST_NAME>
    <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER><LISTED_ON>2014-06-30</LISTED_ON>
    <COMMENTS1>Owner; SWIFT: ABCDKPPY.</COMMENTS1>
    <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>OLD ENTITY</ALIAS_NAME></ENTITY_ALIAS>
    <ENTITY_ADDRESS><COUNTRY>Democratic People's Republic of Korea</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>
"""
EU_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-06-05T15:51:25.849+02:00" globalFileId="182848">
  <sanctionEntity designationDate="" designationDetails="" unitedNationId="XXi.001" euReferenceNumber="EU.27.28" logicalId="13">
    <remark>UNSC RESOLUTION 0</remark>
    <regulation regulationType="regulation" organisationType="commission" publicationDate="2003-07-08"
      entryIntoForceDate="2003-07-07" numberTitle="1210/2003 (OJ L169)" programme="IRQ" logicalId="348">
      <publicationUrl>https://example.org/oj</publicationUrl></regulation>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="" middleName="" lastName="" wholeName="Abu Sample" function="" title="" nameLanguage="" strong="false"
      regulationLanguage="en" logicalId="19"/>
    <nameAlias firstName="Ali" middleName="" lastName="Sample" wholeName="Ali Sample" function="" gender="M" title=""
      nameLanguage="" strong="true" regulationLanguage="en" logicalId="17"><regulationSummary regulationType="regulation"/></nameAlias>
    <nameAlias wholeName="Али Семпл" nameLanguage="BG" strong="true" logicalId="20"/>
    <citizenship region="" countryIso2Code="IQ" countryDescription="IRAQ" logicalId="1"/>
    <birthdate circa="false" calendarType="GREGORIAN" city="Tikrit" zipCode="" birthdate="1937-04-28" dayOfMonth="28"
      monthOfYear="4" year="1937" region="" place="" countryIso2Code="IQ" countryDescription="IRAQ" logicalId="14"/>
    <birthdate circa="false" calendarType="ISLAMIC" year="1392" countryIso2Code="00" countryDescription="UNKNOWN" logicalId="15"/>
    <identification diplomatic="false" knownExpired="true" knownFalse="false" reportedLost="false" revokedByIssuer="false"
      issuedBy="" latinNumber="" nameOnDocument="" number="A1" region="" identificationTypeCode="passport"
      identificationTypeDescription="National passport" countryIso2Code="IQ" countryDescription="IRAQ" logicalId="16"/>
    <address city="Baghdad" street="Rashid Street" poBox="" zipCode="" region="" place="" asAtListingTime="false"
      countryIso2Code="IQ" countryDescription="IRAQ" logicalId="21"/>
  </sanctionEntity>
</export>
"""
EU_WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- GENERATED BY FSD -->
<WHOLE Date="11/02/2016">
<ENTITY Id="1" Type="E" legal_basis="1/2012 (OJ L49)" reg_date="2012-02-21" pdf_link="http://example.org" programme="ZWE" remark="(r)">
<NAME Id="1" Entity_id="1"><LASTNAME/><FIRSTNAME/><MIDDLENAME/><WHOLENAME>Sample Mining</WHOLENAME><GENDER/><TITLE/><FUNCTION/><LANGUAGE>EN</LANGUAGE></NAME>
<NAME Id="2" Entity_id="1"><LASTNAME/><FIRSTNAME/><MIDDLENAME/><WHOLENAME>Семпл Майнинг</WHOLENAME><GENDER/><TITLE/><FUNCTION/><LANGUAGE>BG</LANGUAGE></NAME>
<ADDRESS Id="4" Entity_id="1"><NUMBER/><STREET>Main Street</STREET><ZIPCODE/><CITY>Harare</CITY><COUNTRY>ZWE</COUNTRY><OTHER/></ADDRESS>
<PASSPORT Id="3" Entity_id="1"><NUMBER>AD1 (passport-National passport) ((passport))</NUMBER><COUNTRY>ZWE</COUNTRY></PASSPORT>
</ENTITY>
</WHOLE>
"""
EU_ANNEX = (
    "celex,recordId,programKey,annex,measure,startDate,reason,schema,name,alias,weakAlias,previousName,country,nationality,"
    "jurisdiction,birthDate,birthPlace,position,passportNumber,gender,appearance,ethnicity,fatherName,motherName,"
    "incorporationDate,legalForm,sector,registrationNumber,taxNumber,idNumber,innCode,ogrnCode,kppCode,okpoCode,leiCode,"
    "swiftBic,ticker,imoNumber,mmsi,flag,address,phone,email,website,notes\n"
    "32099R0001,1,EU-UKR,I.PERSONS,Asset freeze,17.3.2014,A reason,Person,Ivan SAMPLE,"
    "Iwan SAMPEL (Иван СЕМПЛ); Vanya,,,,Russian,,26.11.1972,Perm,,,male" + "," * 11 + "7707083893" + "," * 14 + "\n"
)
UK_XML = """<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>2026-05-12</DateGenerated>
  <Designation><LastUpdated>01/02/2026</LastUpdated><DateDesignated>15/03/2022</DateDesignated><UniqueID>RUS0001</UniqueID>
    <OFSIGroupID>14000</OFSIGroupID><UNReferenceNumber/>
    <Names>
      <Name><Name1>IVAN</Name1><Name6>SAMPEL</Name6><NameType>Primary Name Variation</NameType></Name>
      <Name><Name1>IVAN</Name1><Name2>PETROVICH</Name2><Name6>SAMPLE</Name6><NameType>Primary Name</NameType></Name>
      <Name><Name6>VANYA</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name></Names>
    <NonLatinNames><NonLatinName><NameNonLatinScript>Иван Петрович Семпл</NameNonLatinScript>
      <NonLatinScriptType>Cyrillic</NonLatinScriptType><NonLatinScriptLanguage>Russian</NonLatinScriptLanguage></NonLatinName></NonLatinNames>
    <RegimeName>The Russia (Sanctions) (EU Exit) Regulations 2019</RegimeName>
    <IndividualEntityShip>Individual</IndividualEntityShip><DesignationSource>UK</DesignationSource>
    <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed><OtherInformation/>
    <UKStatementofReasons>A reason.</UKStatementofReasons>
    <Addresses><Address><AddressLine1>1 Street</AddressLine1><AddressLine6>Perm</AddressLine6>
      <AddressCountry>Russia</AddressCountry></Address></Addresses>
    <IndividualDetails><Individual><DOBs><DOB>dd/mm/1962</DOB><DOB>05/04/1963</DOB></DOBs>
      <Nationalities><Nationality>Russia</Nationality></Nationalities><Genders><Gender>Male</Gender></Genders>
      <PassportDetails><PassportDetail><PassportNumber>71 1</PassportNumber></PassportDetail></PassportDetails>
      <BirthDetails><Location><TownOfBirth>Perm</TownOfBirth><CountryOfBirth>Russia</CountryOfBirth></Location></BirthDetails>
      </Individual></IndividualDetails></Designation>
  <Designation><DateDesignated>15/03/2022</DateDesignated><UniqueID>RUS0002</UniqueID>
    <Names><Name><Name6>SAMPLE TANKER</Name6><NameType>Primary Name</NameType></Name></Names>
    <RegimeName>The Russia (Sanctions) (EU Exit) Regulations 2019</RegimeName><IndividualEntityShip>Ship</IndividualEntityShip>
    <ShipDetails><Ship><IMONumbers><IMONumber>9074729</IMONumber></IMONumbers>
      <CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Panama</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips>
      <CurrentOwnerOperators><CurrentOwnerOperator>Sample Shipping</CurrentOwnerOperator></CurrentOwnerOperators></Ship></ShipDetails>
  </Designation>
</Designations>
"""
_UK_COLUMNS = [
    "Last Updated",
    "Unique ID",
    "OFSI Group ID",
    "UN Reference Number",
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Name type",
    "Alias strength",
    "Title",
    "Name non-latin script",
    "Non-latin script type",
    "Non-latin script language",
    "Regime Name",
    "Designation Type",
    "Designation source",
    "Sanctions Imposed",
    "Other Information",
    "UK Statement of Reasons",
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "Address Line 4",
    "Address Line 5",
    "Address Line 6",
    "Address Postal Code",
    "Address Country",
    "Phone number",
    "Website",
    "Email address",
    "Date Designated",
    "D.O.B",
    "Nationality(/ies)",
    "National Identifier number",
    "National Identifier additional information",
    "Passport number",
    "Passport additional information",
    "Position",
    "Gender",
    "Town of birth",
    "Country of birth",
    "Type of entity",
    "Subsidiaries",
    "Parent company",
    "Business registration number (s)",
    "IMO number",
    "Current owner/operator (s)",
    "Previous owner/operator (s)",
    "Current believed flag of ship",
    "Previous flags",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year Built",
    "Hull identification number (HIN)",
]


def _uk_row(**cells: str) -> str:
    values = {name.replace("_", " "): value for name, value in cells.items()}
    return ",".join(values.get(name, "") for name in _UK_COLUMNS) + "\n"


UK_CSV = (
    "Report Date: 12-May-2026\n"
    + ",".join(_UK_COLUMNS)
    + "\n"
    + "".join(
        _uk_row(
            Unique_ID="RUS0001",
            OFSI_Group_ID="14000",
            Name_6=family,
            Name_1="IVAN",
            Name_type=told,
            Regime_Name="Russia",
            Designation_Type="Individual",
            Date_Designated="15/03/2022",
            Address_Country=land,
        )
        for family, told in (("SAMPEL", "Alias"), ("SAMPLE", "Primary Name"))
        for land in ("Russia", "Cyprus")
    )
)
OFSI_CSV = (
    "Last Updated,13/04/2018" + "," * 27 + "\n"
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,DOB,Town of Birth,Country of Birth,Nationality,Passport Details,NI Number,"
    "Position,Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,"
    "Alias Type,Regime,Listed On,Last Updated,Group ID\n"
    "SÁMPLE,Ali,,,,,Haji,00/00/1961,Perm,Russia,1) Russia 2) Qatar,,,,,,,,,,,Yemen,,Individual,Prime Alias,Afghanistan,"
    "01/04/2016,01/04/2016,100\n"
    "SAMPEL,Ali,,,,,Haji,00/00/1961,Perm,Russia,1) Russia 2) Qatar,,,,,,,,,,,Yemen,,Individual,FKA,Afghanistan,"
    "01/04/2016,01/04/2016,100\n"
)
COMPILED_JSON = json.dumps(
    [
        {"addresses": ["日本东京都港区1-1"], "aliases": ["样本株式会社"], "country": "cn", "date_added": "2026-02-24",
         "entity_name": "Sample Corporation", "entity_type": "organization", "id": "a-1", "last_verified": "2026-07-19",
         "list_id": "cn-attention-list", "reason": "r", "source_list_name": "关注名单", "source_url": "https://example.org"},
        {"addresses": ["People's Republic of China Example Carbon Co., Ltd."], "aliases": [], "country": "jp", "date_added": None,
         "entity_name": "", "entity_type": "organization", "id": "j-1", "last_verified": "2026-07-20",
         "list_id": "jp-end-user-list", "reason": "r", "source_list_name": "EUL", "source_url": "https://example.org"},
        {"addresses": ["North Korea"], "aliases": [], "country": "jp", "date_added": None, "entity_name": "Sample Mine (見本鉱山)",
         "entity_type": "organization", "id": "j-2", "last_verified": "2026-07-20", "list_id": "jp-end-user-list", "reason": "r",
         "source_list_name": "EUL", "source_url": "https://example.org"},
    ],
    ensure_ascii=False,
)  # fmt: skip
DOD_CSV = (
    "Name,Clean Name,Alias,Previous Name,Parent Name,Note,Start date,End date,Source Url\n"
    "Sample Group (SG)*,Sample Group,SG,Old Sample; OS,Parent Co.,,2022-10-05,2024-01-31,\n"
    "Sample Group (SG),Sample Group,SG,,,,2025-01-07,,https://example.org\n"
)
TIDY_YAML = """format: exeat-list/1
list: cn.countermeasures
as_of: 2026-08-05
published: 2026-08-06
parties:
  - id: order-2026-2.1
    kind: organisation
    names:
      - {text: 样本技术公司, kind: primary, language: zh}
      - {text: Sample Technologies, kind: alias}
    countries: [US]
    citation: 商务部令2026年第2号
    since: 2026-08-05
    identifiers: [{kind: lei, value: 5493001KJTIIGC8Y1R12}]
"""
TIDY_CSV = (
    "# list: cn.countermeasures\n# as_of: 2026-08-05\n"
    "id,kind,name,aliases,original_names,countries,since,identifiers\n"
    "order-1,organisation,Sample Technologies,ST|SampleTech,样本技术公司,US,2026-08-05,lei:5493001KJTIIGC8Y1R12\n"
)
FTM = "\n".join(
    json.dumps(one, ensure_ascii=False)
    for one in (
        {"id": "x-1", "schema": "Company", "properties": {"name": ["Sample Co", "Sample Company"], "alias": ["样本公司"],
         "country": ["cn"], "innCode": ["7707083893"], "weakAlias": ["SC"]}, "datasets": ["d"]},
        {"id": "x-2", "schema": "Person", "properties": {"name": ["Ivan Sample"], "birthDate": ["1961-04"],
         "nationality": ["ru"], "gender": ["male"]}, "datasets": ["d"]},
        {"id": "s-1", "schema": "Sanction", "properties": {"entity": ["x-1"], "startDate": ["2020-01-02"],
         "authority": ["An Authority"], "program": ["P"]}, "datasets": ["d"]},
        {"id": "o-1", "schema": "Ownership", "properties": {"owner": ["x-2"], "asset": ["x-1"]}, "datasets": ["d"]},
    )
)  # fmt: skip
COMPACT_JSON = json.dumps(
    {
        "sourceGeneratedAt": "2026-07-31T13:15:00+00:00",
        "entryCount": 1,
        "countsBySource": {"Unverified List (UVL) - Bureau of Industry and Security": 1},
        "tables": {
            "sources": ["Unverified List (UVL) - Bureau of Industry and Security"],
            "urls": ["https://example.org"],
        },
        "entries": [{"n": "Sample Trade FZE", "a": ["Sample FZE"], "s": 0, "c": ["AE"], "u": 0}],
    }
)
